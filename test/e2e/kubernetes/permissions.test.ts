import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { releasesPermissions } from "#adapters/helm/permissions.ts";
import { namespacedKinds } from "#adapters/kubernetes/kinds.ts";
import { workloadsPermissions } from "#adapters/kubernetes/workloads.ts";
import { checkClusters } from "#adapters/live-clusters.ts";
import { type AccessRule, mergeRules } from "#domain/kubernetes/access.ts";
import { type ResourceKind, readableKinds } from "#domain/kubernetes/object.ts";
import type { ClusterPorts } from "#ports/index.ts";
import { change, existing } from "../../ports/kube.ts";
import type { AuditEvent } from "../backends/kubernetes/audit.ts";
import { type FaultProxy, startFaultProxy } from "../backends/kubernetes/fault-proxy.ts";
import type { HelmMajor } from "../backends/kubernetes/tools.ts";
import { cluster, livePorts } from "./cluster.ts";

const rbac = join(import.meta.dirname, "../../../deploy/rbac");
const chart = join(import.meta.dirname, "../backends/charts/every-kind");
const account = "system:serviceaccount:firewatch:firewatch";
const signal = AbortSignal.timeout(300_000);

/** Applies a file, and waits until a right of it is in force, for the API server learns of it a moment later. */
async function apply(file: string, right: readonly [string, string], namespace = "default") {
  const where = ["--namespace", namespace];
  await cluster().kubectl(["apply", "-f", join(rbac, file), ...where]);
  const ask = ["auth", "can-i", ...right, ...where, "--as", account];
  await vi.waitFor(() => cluster().kubectl(ask), { timeout: 10_000, interval: 50 });
}

const remove = (file: string, namespace = "default") =>
  cluster().kubectl(["delete", "-f", join(rbac, file), "--namespace", namespace]);

const createAccount = () => cluster().kubectl(["apply", "-f", join(rbac, "account.yaml")]);

/** What the account asked for and was granted since the mark, by the API server's own record. */
function used(events: readonly AuditEvent[]): readonly AccessRule[] {
  return mergeRules(
    events.flatMap((event) => {
      const { apiGroup: group = "", resource: plural = "", subresource } = event.objectRef ?? {};
      if (plural === "" || plural === "selfsubjectaccessreviews") return [];
      const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
      return verbsOf(event).map((verb) => ({ group, resource, verbs: [verb] }));
    }),
  );
}

/** To make an object by a patch asks for both verbs. */
function verbsOf({ verb, responseStatus }: AuditEvent): readonly string[] {
  return verb === "patch" && responseStatus?.code === 201 ? ["create", "patch"] : [verb];
}

function recorder(user: string) {
  const start = cluster().audit(user).length;
  const events = () => cluster().audit(user).slice(start);
  return {
    async isExactly(rules: readonly AccessRule[]) {
      // The record of a request may be written a moment after its answer.
      await vi.waitFor(() => expect(used(events())).toEqual(mergeRules(rules)), 5_000);
      expect(events().filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    },
  };
}

const isSecret = ({ resource }: AccessRule) => resource === "secrets";
const isNamespaced = ({ resource }: AccessRule) =>
  resource === "pods/log" || namespacedKinds.some((kind) => kind === resource);
const allReads: readonly AccessRule[] = [
  ...workloadsPermissions.get,
  ...workloadsPermissions.list,
  ...workloadsPermissions.logs,
];
const reads = allReads.filter((rule) => !isSecret(rule));

async function readAll(
  { workloads }: ClusterPorts,
  kinds: readonly ResourceKind[],
  namespace: string,
  wide: boolean,
) {
  for (const kind of kinds) {
    await workloads.get({ kind, namespace, name: "some-name" }, signal);
    await workloads.list({ kind, limit: 5, ...(wide ? {} : { namespace }) }, signal);
  }
}

async function readLog({ workloads }: ClusterPorts, namespace: string) {
  const query = { container: "some-name", previous: false, tailLines: 1, limitBytes: 1 };
  const lines = workloads.logs({ namespace, name: "some-name" }, query, signal);
  await expect(lines[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "not_found" });
}

async function changeAll({ workloads }: ClusterPorts, namespace: string) {
  const name = "shared";
  for (const kind of ["deployments", "statefulsets", "daemonsets"] as const) {
    const ref = { kind, namespace, name };
    const how = async () => change(await existing(workloads, ref), true);
    await workloads.restart(ref, new Date(), await how(), signal);
    if (kind !== "daemonsets") await workloads.scale(ref, 2, await how(), signal);
  }
  const map = await existing(workloads, { kind: "configmaps", namespace, name });
  await workloads.patchConfigMap({ namespace, name }, { key: "value" }, change(map, true), signal);
}

async function install(namespace: string, major: HelmMajor) {
  const upgrade = ["upgrade", "every", chart, "--install", "--wait", "--namespace", namespace];
  await cluster().helm(major, [...upgrade, "--create-namespace"]);
  await cluster().helm(major, [...upgrade, "--set", "only=b"]);
}

describe("under exactly the roles of deploy/rbac", () => {
  let kubeconfig: string;
  let ports: ClusterPorts;

  beforeAll(async () => {
    await createAccount();
    await install("allowed", 4);
    kubeconfig = await cluster().accountKubeconfig("firewatch", "firewatch");
    ports = await livePorts(4, kubeconfig);
  });
  afterAll(async () => {
    await remove("read.yaml");
    await remove("actions.yaml");
  });

  it("nothing is allowed without a role, and the error says which verb on what", async () => {
    const list = ports.workloads.list(
      { kind: "deployments", namespace: "allowed", limit: 1 },
      signal,
    );
    await expect(list).rejects.toMatchObject({
      code: "access_denied",
      hint: expect.stringContaining("Grant the verb list on deployments.apps"),
    });
  });

  it("namespace.yaml: every namespaced method works there, and nowhere else", async () => {
    await apply("namespace.yaml", ["patch", "configmaps"], "allowed");
    const record = recorder(account);
    const kinds = namespacedKinds.filter((kind) => kind !== "secrets");
    await readAll(ports, kinds, "allowed", false);
    await readLog(ports, "allowed");
    await changeAll(ports, "allowed");
    const { get: _, list: __, logs: ___, ...actions } = workloadsPermissions;
    await record.isExactly([...reads.filter(isNamespaced), ...Object.values(actions).flat()]);
    const elsewhere = ports.workloads.get(
      { kind: "configmaps", namespace: "default", name: "kube-root-ca.crt" },
      signal,
    );
    await expect(elsewhere).rejects.toMatchObject({ code: "access_denied" });
    const secret = { kind: "secrets", namespace: "allowed", name: "shared" } as const;
    await expect(ports.workloads.get(secret, signal)).rejects.toMatchObject({
      code: "access_denied",
    });
  });

  it("doctor names what is missing, and that alone", async () => {
    const env = await cluster().environment(4, kubeconfig);
    const wanted = { contexts: [], env, namespaces: ["allowed"], changes: true };
    const checks = await checkClusters(wanted, signal);
    const notOk = checks.filter(({ status }) => status !== "ok");
    expect(notOk.map(({ subject, status }) => `${subject}: ${status}`)).toEqual([
      "read names of Secrets on test in namespace allowed: not configured",
      "roll releases back on test in namespace allowed: not configured",
      "helm list on test in namespace allowed: failed",
    ]);
    expect(notOk[0]?.detail).toBe("Not allowed: get secrets, list secrets.");
    expect(notOk[1]?.fix).toContain("deploy/rbac/helm-rollback.yaml");
  });

  it("secrets.yaml: Secrets too", async () => {
    await apply("secrets.yaml", ["list", "secrets"], "allowed");
    const record = recorder(account);
    await readAll(ports, ["secrets"], "allowed", false);
    await record.isExactly(allReads.filter(isSecret));
    await remove("secrets.yaml", "allowed");
  });

  it("read.yaml and actions.yaml: every kind, in all namespaces", async () => {
    await remove("namespace.yaml", "allowed");
    await apply("read.yaml", ["list", "nodes"]);
    const reading = recorder(account);
    const kinds = readableKinds.filter((kind) => kind !== "secrets");
    await readAll(ports, kinds, "allowed", true);
    await readLog(ports, "allowed");
    await reading.isExactly(reads);
    await expect(changeAll(ports, "allowed")).rejects.toMatchObject({ code: "access_denied" });
    await apply("actions.yaml", ["patch", "configmaps"]);
    const changing = recorder(account);
    await changeAll(ports, "allowed");
    const { get: _, list: __, logs: ___, ...actions } = workloadsPermissions;
    const looked = (["deployments", "statefulsets", "daemonsets", "configmaps"] as const).flatMap(
      (kind) => workloadsPermissions.get.filter(({ resource }) => resource === kind),
    );
    await changing.isExactly([...looked, ...Object.values(actions).flat()]);
  });
});

describe("Helm under exactly the roles of deploy/rbac", () => {
  const { rollback, ...readers } = releasesPermissions;
  let proxy: FaultProxy;

  beforeAll(async () => {
    await createAccount();
    proxy = await startFaultProxy(cluster());
  });
  afterAll(() => proxy.stop());

  it("helm-read.yaml: the reading methods use all of it and no more", async () => {
    const ref = { namespace: "helm-read", name: "every" };
    await install(ref.namespace, 4);
    await apply("helm-read.yaml", ["list", "secrets"], ref.namespace);
    const kubeconfig = await cluster().accountKubeconfig("firewatch", "firewatch");
    const record = recorder(account);
    for (const major of [3, 4] as const) {
      const { releases } = await livePorts(major, kubeconfig);
      await releases.list({ namespace: ref.namespace }, signal);
      await releases.history(ref, signal);
      await releases.content(ref, 1, signal);
    }
    await record.isExactly(Object.values(readers).flat());
    const { releases } = await livePorts(4, kubeconfig);
    const attempt = releases.rollback({ ...ref, revision: 1, timeoutSeconds: 20 }, signal);
    await expect(attempt).rejects.toMatchObject({ code: "access_denied" });
  });

  it("helm-rollback.yaml: rollbacks of both majors, and on older servers, use all of it and no more", async () => {
    const record = recorder(account);
    const { direct, old } = await kubeconfigs();
    for (const [namespace, major, kubeconfig] of [
      ["rollback-3", 3, direct],
      ["rollback-4", 4, direct],
      ["rollback-4-old", 4, old],
    ] as const) {
      await install(namespace, major);
      await apply("helm-rollback.yaml", ["list", "replicasets"], namespace);
      const { releases } = await livePorts(major, kubeconfig);
      const ref = { namespace, name: "every" };
      await releases.rollback({ ...ref, revision: 1, timeoutSeconds: 60 }, signal);
      expect((await releases.history(ref, signal))[0]).toMatchObject({
        revision: 3,
        status: "deployed",
      });
    }
    await record.isExactly(rollback);
  });

  /** Of the account: as it is, and through a server that cannot stream lists, as those before 1.34. */
  async function kubeconfigs() {
    proxy.plan(({ path }) =>
      path.includes("sendInitialEvents=true")
        ? { kind: "answer", status: 422, message: "sendInitialEvents is forbidden" }
        : undefined,
    );
    const token = await cluster().accountToken("firewatch", "firewatch");
    return {
      direct: cluster().writeKubeconfig("account", { token }),
      old: cluster().writeKubeconfig("account-old", { token, server: proxy.url }),
    };
  }
});
