import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { causes } from "#domain/diagnosis/cause.ts";
import { casesOf } from "../../bench/diagnosis/cases.ts";
import { clusterOf } from "../../bench/diagnosis/cluster.ts";

const NOW = new Date("2026-05-12T09:30:00Z");
const signal = new AbortController().signal;

test("there are cases of every cause, and healthy ones", () => {
  const made = new Set(casesOf(1, 1, NOW).map(({ cause }) => cause));
  expect([...made].toSorted()).toEqual([...Object.keys(causes), undefined].toSorted());
});

test("the same seed makes the same cases, and another makes others", () => {
  const first = casesOf(1, 1, NOW);
  expect(casesOf(1, 1, NOW)).toEqual(first);
  expect(casesOf(2, 1, NOW)[0]).not.toEqual(first[0]);
});

test("what makes the cases knows nothing of what judges them", () => {
  const folder = join(import.meta.dirname, "../../bench/diagnosis");
  for (const part of ["cases", "world"]) {
    for (const file of readdirSync(join(folder, part))) {
      expect(readFileSync(join(folder, part, file), "utf8"), file).not.toContain("#domain/");
    }
  }
});

test("a case's cluster is read as any other, and Secrets have no values", async () => {
  const one = casesOf(1, 1, NOW).find(({ cause }) => cause === "certificate_expired");
  if (!one) throw new Error("no case of a certificate");
  const cluster = clusterOf(one);
  const secrets = await cluster.list(
    { kind: "secrets", namespace: one.namespace, limit: 10 },
    signal,
  );
  expect(secrets.items[0]?.data).toEqual({ "tls.crt": "", "tls.key": "" });
  const pods = await cluster.list({ kind: "pods", namespace: one.namespace, limit: 1 }, signal);
  expect(pods.items).toHaveLength(1);
  expect(pods.remaining).toBeGreaterThan(0);
});
