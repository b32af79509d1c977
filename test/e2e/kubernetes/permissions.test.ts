import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespacedKinds } from "#adapters/kubernetes/kinds.ts";
import { workloadsPermissions } from "#adapters/kubernetes/workloads.ts";
import { checkClusters } from "#adapters/live-clusters.ts";
import { toJsonObject } from "#domain/json.ts";
import type { AccessRule } from "#domain/kubernetes/access.ts";
import { type ResourceKind, readableKinds } from "#domain/kubernetes/object.ts";
import { podTemplateSchema } from "#domain/kubernetes/template.ts";
import type { ClusterPorts } from "#ports/index.ts";
import type { WorkloadRef, Workloads } from "#ports/workloads.ts";
import { change, existing, record } from "../../ports/kube.ts";
import { cluster, livePorts } from "./cluster.ts";
import { account, apply, createAccount, install, recorder, remove } from "./roles.ts";

const signal = AbortSignal.timeout(300_000);

const isSecret = ({ resource }: AccessRule) => resource === "secrets";
const isNamespaced = ({ resource }: AccessRule) =>
  resource === "pods/log" || namespacedKinds.some((kind) => kind === resource);
const allReads: readonly AccessRule[] = [
  ...workloadsPermissions.get,
  ...workloadsPermissions.list,
  ...workloadsPermissions.logs,
];
const { get, list, logs, cordon, evict, createJob, shiftTraffic, ...usual } = workloadsPermissions;
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

/** Sets the template as it is, and the image that it has. */
async function changeTemplate(workloads: Workloads, ref: WorkloadRef) {
  const object = await existing(workloads, ref);
  const template = toJsonObject(record(record(object.spec).template));
  await workloads.setTemplate(ref, template, change(object, true), signal);
  const { containers } = podTemplateSchema.parse(template).spec;
  const { name = "", image = "" } = containers[0] ?? {};
  const container = { list: "containers", name, image } as const;
  await workloads.setContainer(ref, container, change(object, true), signal);
}

async function changeAll({ workloads }: ClusterPorts, namespace: string) {
  const name = "shared";
  for (const kind of ["deployments", "statefulsets", "daemonsets"] as const) {
    const ref = { kind, namespace, name };
    const how = async () => change(await existing(workloads, ref), true);
    await workloads.restart(ref, new Date(), await how(), signal);
    if (kind !== "daemonsets") await workloads.scale(ref, 2, await how(), signal);
    await changeTemplate(workloads, ref);
  }
  const paused = await existing(workloads, { kind: "deployments", namespace, name });
  await workloads.setPaused({ namespace, name }, true, change(paused, true), signal);
  const scaler = await existing(workloads, { kind: "horizontalpodautoscalers", namespace, name });
  const bounds = { min: 1, max: 3 };
  await workloads.setBounds({ namespace, name }, bounds, change(scaler, true), signal);
  const map = await existing(workloads, { kind: "configmaps", namespace, name });
  await workloads.patchConfigMap({ namespace, name }, { key: "value" }, change(map, true), signal);
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
    await record.isExactly([...reads.filter(isNamespaced), ...Object.values(usual).flat()]);
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
    const looked = (
      [
        "deployments",
        "statefulsets",
        "daemonsets",
        "configmaps",
        "horizontalpodautoscalers",
      ] as const
    ).flatMap((kind) => workloadsPermissions.get.filter(({ resource }) => resource === kind));
    await changing.isExactly([...looked, ...Object.values(usual).flat()]);
  });
});
