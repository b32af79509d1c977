import { expect, test } from "vitest";
import type { Json, JsonObject } from "#domain/json.ts";
import {
  plainTemplate,
  templateDiff,
  templateDiffLines,
} from "#domain/kubernetes/template-diff.ts";

const template = (app: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app: "web" }, ...metadata },
  spec: { containers: [{ name: "app", image: "web:1", ...app }] },
});

const lines = (before: Json, after: Json) => templateDiffLines(templateDiff(before, after));

test("a changed image and limit are told field by field", () => {
  const before = template({ resources: { limits: { memory: "512Mi" } } });
  const after = template({ image: "web:2", resources: { limits: { memory: "256Mi" } } });
  expect(lines(before, after)).toEqual([
    "  spec.containers[app].image: web:1 → web:2",
    "  spec.containers[app].resources.limits.memory: 512Mi → 256Mi",
  ]);
});

test("values of variables never appear, however they come or go", () => {
  const value = "vLqz81";
  const env = (...entries: JsonObject[]) => template({ env: entries });
  const [a, b] = [
    { name: "MODE", value },
    { name: "MODE", value: `${value}-new` },
  ];
  const other = { name: "ZONE", value: `${value}-zone` };
  const found = [
    ...lines(env(a), env(b)),
    ...lines(env(a), env(a, other)),
    ...lines(template({}), env(a)),
    ...lines({}, env(a)),
    ...lines({ spec: { containers: [] } }, env(a)),
    ...lines(env(a), { spec: {} }),
  ];
  expect(found.join("\n")).not.toContain(value);
  expect(found.slice(0, 3)).toEqual([
    "  spec.containers[app].env[MODE].value: changed",
    '  spec.containers[app].env[ZONE]: added {"name":"ZONE","value":"(hidden)"}',
    '  spec.containers[app].env: added [{"name":"MODE","value":"(hidden)"}]',
  ]);
});

test("where a variable comes from is told", () => {
  const from = (name: string) => ({
    name: "DB",
    valueFrom: { secretKeyRef: { name, key: "url" } },
  });
  expect(lines(template({ env: [from("db-a")] }), template({ env: [from("db-b")] }))).toEqual([
    "  spec.containers[app].env[DB].valueFrom.secretKeyRef.name: db-a → db-b",
  ]);
});

test("an option that names a secret is told without it", () => {
  const args = (secret: string) => template({ args: ["--token", secret, "--level", "info"] });
  expect(lines(args("vLqz81"), args("vLqz82"))).toEqual([
    "  spec.containers[app].args[1]: changed",
  ]);
});

test("an annotation that is named like a secret is told without its value", () => {
  const noted = (secret: string) => template({}, { annotations: { "example.com/token": secret } });
  expect(lines(noted("vLqz81"), noted("vLqz82"))).toEqual([
    '  metadata.annotations["example.com/token"]: changed',
  ]);
});

test("what controllers write into the templates they keep is no difference", () => {
  const kept = {
    $patch: "replace",
    ...template({}, { creationTimestamp: null, labels: { app: "web", "pod-template-hash": "5d" } }),
  };
  expect(lines(template({}), kept)).toEqual([]);
  expect(plainTemplate(kept)).toEqual(template({}));
});
