import { expect, test } from "vitest";
import type { World } from "#ports/index.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { connect } from "../../support/connect.ts";
import { pod } from "../../support/objects.ts";
import { withLogs } from "../../support/planted-logs.ts";
import { DECEIVING } from "../../support/poisoned.ts";

const long = "Zq7".repeat(20);
const key = Array.from({ length: 26 }, (_, index) => `MIIEvQIBADAN${index}BgkqhkiG9w0BAQEF`);

/** What careless programs write, and the part of it that must reach nobody. */
const corpus: readonly (readonly [string, readonly string[], string])[] = [
  ["a password", ["login with password=hunter2hunter2 failed"], "hunter2"],
  ["a password in colours", ["pass\u001b[1mword=\u001b[31mhunter2hunter2\u001b[0m"], "hunter2"],
  ["a password with marks of direction", ["pass\u202eword=hunter2\u202chunter2"], "hunter2"],
  ["an address with a password", ["dial postgres://app:hunter2hunter2@db:5432"], "hunter2"],
  ["a field of JSON", ['{"level":"error","msg":"x","db_password":"hunter2 and more"}'], "hunter2"],
  ["a token of JSON with spaces", ['{"msg":"x","api_token":"two hunter2hunter2"}'], "hunter2"],
  [
    "a header in a field",
    ['{"msg":"x","headers":"Authorization: Bearer hunter2hunter2x"}'],
    "hunter2",
  ],
  ["JSON within JSON", ['{"msg":"got {\\"password\\":\\"hunter2 hunter2\\"}"}'], "hunter2"],
  ["an access key", ["using AKIAIOSFODNN7EXAMPLE now"], "AKIAIOSFODNN7EXAMPLE"],
  ["a token that a long line cuts", [`${"x ".repeat(140)}ghp_${long}`], "Zq7"],
  ["a token that a long pattern cuts", [`${"word ".repeat(30)}ghp_${long}`], "Zq7"],
  [
    "a key of many lines",
    ["read", "-----BEGIN PRIVATE KEY-----", ...key, "-----END PRIVATE KEY-----"],
    "MIIE",
  ],
  [
    "a key in a stack trace",
    ["ERROR x", "  -----BEGIN RSA PRIVATE KEY-----", ...key.map((line) => `  ${line}`)],
    "MIIE",
  ],
  [
    "a key whose beginning is not read",
    [...key.map((line) => line.padEnd(64, "A")), "-----END PRIVATE KEY-----"],
    "MIIE",
  ],
];

async function answersOf(lines: readonly string[]) {
  const world = (from: World) =>
    withLogs({ "loader-1/app": lines })(withObjects({ pods: [pod("loader-1")] })(from));
  const { call, house } = await connect({ world });
  const asked = { name: "loader-1", namespace: "data" };
  const few = await call("kubectl_logs", asked);
  const many = await call("kubectl_logs", { ...asked, limit: 1 });
  const { audit } = await house.records();
  return { shown: [few, many], all: JSON.stringify([few, many, await audit.read(0, 10)]) };
}

test.each(corpus)("%s reaches nobody, in lines or patterns", async (_, lines, secret) => {
  const other = ["INFO one", "INFO two", "INFO three"];
  const { shown, all } = await answersOf([...lines, ...other]);
  expect(shown.every(({ failed }) => !failed)).toBe(true);
  expect(all).not.toContain(secret);
  for (const { text } of shown) expect(text.search(DECEIVING)).toBe(-1);
});
