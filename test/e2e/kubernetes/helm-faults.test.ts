import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Releases } from "#ports/releases.ts";
import type { Workloads } from "#ports/workloads.ts";
import { change, existing, record, replicasOf, scaleTo } from "../../ports/kube.ts";
import { type FaultProxy, startFaultProxy } from "../backends/kubernetes/fault-proxy.ts";
import { seedIncident } from "../backends/kubernetes/incident.ts";
import { toolsFolder } from "../backends/kubernetes/tools.ts";
import { cluster, livePorts } from "./cluster.ts";

const never = new AbortController().signal;
const name = "customer-etl";

describe.each([3, 4] as const)("Helm %i", (major) => {
  const release = { namespace: `helm-faults-${major}`, name };
  let proxy: FaultProxy;
  let releases: Releases;
  let workloads: Workloads;

  beforeAll(async () => {
    proxy = await startFaultProxy(cluster());
    await seedIncident(cluster(), { ...release, major });
    const { user } = await adminOf();
    const kubeconfig = cluster().writeKubeconfig("helm-proxy", { token: user, server: proxy.url });
    ({ releases, workloads } = await livePorts(major, kubeconfig));
  });
  beforeEach(() => proxy.plan(() => undefined));
  afterAll(() => proxy.stop());

  const newest = async () => (await releases.history(release, never))[0];

  it("takes back what was changed by other means since", async () => {
    const map = {
      kind: "configmaps",
      namespace: release.namespace,
      name: `${name}-config`,
    } as const;
    const how = change(await existing(workloads, map));
    await workloads.patchConfigMap(map, { max_connections: "200" }, how, never);
    const deployment = { ...map, kind: "deployments", name } as const;
    await scaleTo(workloads, deployment, 5);
    await releases.rollback({ ...release, revision: 6, timeoutSeconds: 60 }, never);
    expect(record((await existing(workloads, map)).data).max_connections).toBe("50");
    expect(replicasOf(await existing(workloads, deployment))).toBe(3);
  });

  it("a rollback that has begun goes on when the caller leaves", async () => {
    const caller = new AbortController();
    proxy.plan(({ method }) => {
      if (method !== "GET") caller.abort();
      return undefined;
    });
    await releases.rollback({ ...release, revision: 5, timeoutSeconds: 60 }, caller.signal);
    expect(caller.signal.aborted).toBe(true);
    expect(await newest()).toMatchObject({ status: "deployed", description: "Rollback to 5" });
  });

  it("a rollback whose workloads do not get ready in time says where it ended", async () => {
    const request = { ...release, revision: 4, timeoutSeconds: 2 };
    await expect(releases.rollback(request, never)).rejects.toMatchObject({
      code: "timed_out",
      hint: expect.stringContaining("helm_history"),
    });
    expect((await newest())?.status).toBe("failed");
  });

  it("a reading ends at its deadline", async () => {
    proxy.plan(() => ({ kind: "silence" }));
    const reading = releases.list({}, AbortSignal.timeout(500));
    await expect(reading).rejects.toMatchObject({ code: "timed_out" });
  });

  it.each([
    [{ kind: "answer", status: 401, message: "Unauthorized" }, "unauthenticated"],
    [{ kind: "answer", status: 500, message: "etcd failed" }, "backend_error"],
    [{ kind: "cut" }, "unreachable"],
  ] as const)("%j is %s", async (fault, code) => {
    proxy.plan(() => fault);
    await expect(releases.history(release, never)).rejects.toMatchObject({ code });
  });

  it("a release that another operation holds is left alone", async () => {
    await leavePending();
    const before = await newest();
    expect(before?.status).toBe("pending-rollback");
    const request = { ...release, revision: 6, timeoutSeconds: 5 };
    await expect(releases.rollback(request, never)).rejects.toMatchObject({ code: "conflict" });
    expect(await newest()).toEqual(before);
  });

  /** Kills a Helm that waits for pods which never get ready. */
  async function leavePending() {
    const helm = join(await toolsFolder(major), "helm");
    const args = ["rollback", name, "4", "--namespace", release.namespace, "--wait"];
    const waiting = execa(helm, args, {
      env: { KUBECONFIG: cluster().kubeconfig, HOME: cluster().folder },
      reject: false,
    });
    await vi.waitFor(async () => expect((await newest())?.status).toBe("pending-rollback"), {
      timeout: 20_000,
    });
    waiting.kill("SIGKILL");
    await waiting;
  }
});

/** A token of an administrator. */
async function adminOf() {
  const [namespace, account] = ["kube-system", "helm-faults"];
  const create = async (...args: readonly string[]) => {
    const manifest = await cluster().kubectl(["create", ...args, "--dry-run=client", "-o", "yaml"]);
    await cluster().kubectl(["apply", "-f", "-"], manifest);
  };
  await create("serviceaccount", account, "--namespace", namespace);
  const who = `--serviceaccount=${namespace}:${account}`;
  await create("clusterrolebinding", account, "--clusterrole=cluster-admin", who);
  return { user: await cluster().accountToken(namespace, account) };
}
