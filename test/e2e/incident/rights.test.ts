import { beforeAll, expect, test } from "vitest";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import { readableKinds } from "#domain/kubernetes/object.ts";
import { approveAtTerminal } from "./approved.ts";
import { startServer } from "./server.ts";
import { NAME, openStage, type Stage, stateFolder } from "./stage.ts";

const namespaced = readableKinds.filter((kind) => kindNames(kind).scope === "namespace");
let full: Stage;
let bare: Stage;

beforeAll(async () => {
  [full, bare] = await Promise.all([
    openStage("rights"),
    openStage("few-rights", [{}, { "config.batch_size": "400" }], ["namespace", "helm-read"]),
  ]);
});

test("under the roles of one namespace every tool that works in it works", async ({
  onTestFinished,
}) => {
  const { call } = await startServer(
    { stage: full, stateDir: stateFolder(onTestFinished) },
    onTestFinished,
  );
  const { namespace } = full;
  for (const kind of namespaced) {
    for (const where of [{ namespace }, { all_namespaces: true }]) {
      const answer = await call("kubectl_get", { resource_type: kind, ...where });
      expect(answer.failed, answer.text).toBe(false);
    }
  }
  const release = { release: NAME, namespace };
  for (const [tool, args] of [
    ["kubectl_rollout_status", { name: NAME, namespace }],
    ["helm_history", release],
  ] as const) {
    const answer = await call(tool, args);
    expect(answer.failed, answer.text).toBe(false);
  }
  const config = { name: `${NAME}-config`, namespace, data: { max_connections: "80" } };
  for (const [tool, args] of [
    ["helm_rollback", release],
    ["helm_scale", { ...release, replicas: 4 }],
    ["kubectl_rollout_restart", { deployment: NAME, namespace }],
    ["kubectl_patch_configmap", { ...config, restart: true }],
  ] as const) {
    const answer = await call(tool, args);
    expect(answer.value.status, answer.text).toBe("approval_required");
  }
  // That a namespace exists cannot be seen: it is asked for all the same when nothing is found.
  const denied = full.requests().filter(({ responseStatus }) => responseStatus?.code === 403);
  const resources = new Set(denied.map(({ objectRef }) => objectRef?.resource));
  expect([...resources]).toEqual(["namespaces"]);
});

test("elsewhere each tool says what to grant", async ({ onTestFinished }) => {
  const stateDir = stateFolder(onTestFinished);
  const { call } = await startServer({ stage: full, stateDir, namespaces: "*" }, onTestFinished);
  const { namespace } = bare;
  for (const [tool, args, hint] of [
    ["kubectl_get", { resource_type: "pods", namespace }, "Grant the verb list on pods"],
    ["kubectl_get", { resource_type: "pods", all_namespaces: true }, "list on pods"],
    ["kubectl_rollout_status", { name: NAME, namespace }, "get on deployments.apps"],
    ["kubectl_rollout_restart", { deployment: NAME, namespace }, "get on deployments.apps"],
    ["helm_history", { release: NAME, namespace }, "helm-read.yaml"],
    ["helm_rollback", { release: NAME, namespace }, "helm-read.yaml"],
  ] as const) {
    const { failed, text } = await call(tool, args);
    expect(failed).toBe(true);
    expect(text, tool).toMatch(/^access_denied: /);
    expect(text, tool).toContain(hint);
  }
});

test("a rollback without the right to it changes nothing, and says so", async ({
  onTestFinished,
}) => {
  const stateDir = stateFolder(onTestFinished);
  const { call } = await startServer({ stage: bare, stateDir }, onTestFinished);
  const release = { release: NAME, namespace: bare.namespace };
  const { value, text } = await call("helm_rollback", release);
  expect(value.status, text).toBe("approval_required");
  await approveAtTerminal(stateDir, value.code, NAME);
  const answer = await call("helm_rollback", { ...release, approval_code: value.code });
  expect(answer.value, answer.text).toMatchObject({ status: "not_applied" });
  expect(answer.text).toContain("helm-rollback.yaml");
  expect(bare.writes()).toEqual([]);
});
