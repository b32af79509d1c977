import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releasesPermissions } from "#adapters/helm/permissions.ts";
import { type FaultProxy, startFaultProxy } from "../backends/kubernetes/fault-proxy.ts";
import { cluster, livePorts } from "./cluster.ts";
import { account, apply, createAccount, install, recorder } from "./roles.ts";

const signal = AbortSignal.timeout(300_000);

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
      await releases.allValues(ref, 1, signal);
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
