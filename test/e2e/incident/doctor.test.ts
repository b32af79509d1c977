import { execa } from "execa";
import { beforeAll, expect, inject, test } from "vitest";
import { type AwsBackend, awsBackend } from "../backends/aws/backend.ts";
import { seedIncident } from "../backends/aws/seed.ts";
import { serverCommand } from "./server.ts";
import { type Cleanup, NAME, openStage, revoke, type Stage, stateFolder } from "./stage.ts";

const region = "sa-east-1";
let stage: Stage;
let backend: AwsBackend;

beforeAll(async () => {
  backend = awsBackend(inject("awsEndpoint"));
  const seeded = seedIncident(backend, { region, scenario: NAME, now: new Date() });
  [stage] = await Promise.all([openStage("examined", [{}]), seeded]);
});

async function doctor(cleanup: Cleanup) {
  const stateDir = stateFolder(cleanup);
  const { command, args, env } = await serverCommand({ stage, stateDir, region }, ["doctor"]);
  return execa(command, args, { env, extendEnv: false, reject: false });
}

const rowsWith = (status: string, table: string) =>
  table.split("\n").filter((line) => line.startsWith(status));

test("with every right there is, all is well", async ({ onTestFinished }) => {
  const { exitCode, stdout } = await doctor(onTestFinished);
  expect(rowsWith("failed", stdout)).toEqual([]);
  expect(stdout).toContain("All that is configured works.");
  expect(exitCode).toBe(0);
});

test("an AWS permission that is missing is named, with what it is for", async ({
  onTestFinished,
}) => {
  const code = "AccessDenied";
  await backend.addFaults([{ action: "logs:FilterLogEvents", region, code, status: 403 }]);
  onTestFinished(() => backend.clearFaults(region));
  const { exitCode, stdout } = await doctor(onTestFinished);
  expect(exitCode).toBe(1);
  expect(rowsWith("failed", stdout)).toEqual([expect.stringContaining("logs:FilterLogEvents")]);
});

test("roles that were taken back are named", async ({ onTestFinished }) => {
  await revoke(stage.namespace, "helm-rollback");
  const restricted = await doctor(onTestFinished);
  expect(restricted.exitCode).toBe(0);
  expect(restricted.stdout).toContain("Apply deploy/rbac/helm-rollback.yaml");
  await revoke(stage.namespace, "namespace");
  const { exitCode, stdout } = await doctor(onTestFinished);
  expect(exitCode).toBe(1);
  expect(rowsWith("failed", stdout)).toEqual([
    expect.stringContaining("read on test in namespace examined"),
    expect.stringContaining("change on test in namespace examined"),
  ]);
  expect(stdout).toContain("Apply deploy/rbac/read.yaml");
});
