import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkClusters, openClusters } from "#adapters/live-clusters.ts";

const signal = new AbortController().signal;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firewatch-kubeconfig-"));
  write("one", { current: "staging", contexts: ["prod-eu", "staging"] });
  write("two", { current: "prod-us", contexts: ["prod-us", "staging"] });
  write("login", { current: "eks", contexts: ["eks"], exec: { command: "no-such-login-plugin" } });
  writeFileSync(join(folder, "broken"), "contexts: [");
  writeFileSync(join(folder, "empty"), "apiVersion: v1\nkind: Config\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Contents {
  readonly current: string;
  readonly contexts: readonly string[];
  readonly exec?: { readonly command: string };
}

function write(name: string, { current, contexts, exec }: Contents) {
  const apiVersion = "client.authentication.k8s.io/v1";
  const content = {
    "current-context": current,
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: exec ? { exec: { apiVersion, ...exec } } : { token: "t" } }],
    contexts: contexts.map((context) => ({ name: context, context: { cluster: "c", user: "u" } })),
  };
  writeFileSync(join(folder, name), JSON.stringify(content));
}

const files = (...names: readonly string[]) =>
  names.map((name) => join(folder, name)).join(delimiter);
const open = (kubeconfig: string, ...contexts: readonly string[]) =>
  openClusters({ contexts, kubeconfig, env: { HOME: folder, PATH: "" } });

describe("which clusters are offered", () => {
  it.each([
    ["the current context alone, unless others are asked for", ["one"], [], ["staging"]],
    ["those that fit, the current one first", ["one"], ["*"], ["staging", "prod-eu"]],
    ["in the order asked for", ["one"], ["prod-eu", "staging"], ["prod-eu", "staging"]],
    ["of several files, the first current context counts", ["one", "two"], [], ["staging"]],
    ["of several files", ["two", "one"], ["prod-*"], ["prod-us", "prod-eu"]],
    ["files that are not there are passed over", ["none", "one"], [], ["staging"]],
  ] as const)("%s", async (_, names, contexts, expected) => {
    const clusters = await open(files(...names), ...contexts);
    expect(clusters?.names).toEqual(expected);
  });

  it("only workloads without a helm binary", async () => {
    const clusters = await open(files("one"));
    expect(clusters?.offers).toEqual(["workloads"]);
    expect(Object.keys((await clusters?.open("staging")) ?? {})).toEqual(["workloads"]);
  });

  it("refuses a context that is not offered, and globs that fit none", async () => {
    const clusters = await open(files("one"));
    await expect(clusters?.open("prod-eu")).rejects.toMatchObject({ code: "not_allowed" });
    await expect(open(files("one"), "dev-*")).rejects.toMatchObject({
      code: "invalid_input",
      hint: expect.stringContaining("staging, prod-eu"),
    });
  });

  it.each([
    ["none", "There is no", "failed"],
    ["broken", "cannot be read: line 1", "failed"],
    ["empty", "holds no context", "not configured"],
  ])("nothing for a kubeconfig that is %s, and doctor says why", async (name, reason, status) => {
    expect(await open(files(name))).toBeUndefined();
    const settings = { contexts: [], kubeconfig: files(name), env: {} };
    const checks = await checkClusters({ ...settings, namespaces: [], changes: true }, signal);
    expect(checks).toMatchObject([{ status, detail: expect.stringContaining(reason) }]);
  });

  it.each([
    ["not configured", []],
    ["failed", ["prod-*"]],
  ])("without any kubeconfig: %s when %j was asked for", async (status, contexts) => {
    const settings = { contexts, env: { HOME: join(folder, "none") } };
    const checks = await checkClusters({ ...settings, namespaces: [], changes: true }, signal);
    expect(checks).toMatchObject([{ status }]);
  });
});

describe("a cluster that cannot be talked to", () => {
  const pods = { kind: "pods", namespace: "data", limit: 1 } as const;

  it("says so when nobody listens", async () => {
    const { workloads } = (await (await open(files("one")))?.open("staging")) ?? {};
    await expect(workloads?.list(pods, signal)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("names the login plug-in that is missing", async () => {
    const { workloads } = (await (await open(files("login")))?.open("eks")) ?? {};
    await expect(workloads?.list(pods, signal)).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("no-such-login-plugin"),
    });
  });

  it("fails its check, with what to do", async () => {
    const env = { HOME: folder, PATH: "" };
    const settings = { contexts: [], kubeconfig: files("one"), env, namespaces: [], changes: true };
    expect(await checkClusters(settings, signal)).toMatchObject([
      { subject: "Kubernetes API of staging", status: "failed" },
      { subject: "helm binary", status: "not configured" },
    ]);
  });
});
