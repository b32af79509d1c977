import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { WorkloadRef, Workloads } from "#ports/workloads.ts";
import { change, existing, replicasOf, scaleTo } from "../../ports/kube.ts";
import {
  type Fault,
  type FaultProxy,
  startFaultProxy,
} from "../backends/kubernetes/fault-proxy.ts";
import { seedIncident } from "../backends/kubernetes/incident.ts";
import { cluster, livePorts } from "./cluster.ts";

const namespace = "faults";
const name = "customer-etl";
const ref = { kind: "deployments", namespace, name } as const;
const account = `system:serviceaccount:${namespace}:operator`;
const never = new AbortController().signal;
const pods = { kind: "pods", namespace, limit: 10 } as const;

describe("faults of the API server", () => {
  let proxy: FaultProxy;
  let workloads: Workloads;
  /** Of the account that `workloads` uses: how many writes the API server carried out. */
  let writes: () => number;

  beforeAll(async () => {
    proxy = await startFaultProxy(cluster());
    await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
    await cluster().kubectl(["create", "serviceaccount", "operator", "--namespace", namespace]);
    const admin = ["--clusterrole=cluster-admin", `--serviceaccount=${namespace}:operator`];
    await cluster().kubectl(["create", "clusterrolebinding", namespace, ...admin]);
    const token = await cluster().accountToken(namespace, "operator");
    const kubeconfig = cluster().writeKubeconfig("through-proxy", { token, server: proxy.url });
    ({ workloads } = await livePorts(4, kubeconfig));
    writes = () =>
      cluster()
        .audit(account)
        .filter(({ verb, responseStatus }) => verb === "patch" && responseStatus?.code === 200)
        .length;
  });
  beforeEach(() => proxy.plan(() => undefined));
  afterAll(() => proxy.stop());

  const always = (fault: Fault) => proxy.plan(() => fault);
  const onWrites = (fault: Fault) => {
    proxy.plan(({ method }) => (method === "PATCH" ? fault : undefined));
  };
  const list = (signal = never) => workloads.list(pods, signal);

  it.each([
    [{ kind: "answer", status: 401, message: "Unauthorized" }, "unauthenticated", "Renew them"],
    [
      { kind: "answer", status: 403, message: "no" },
      "access_denied",
      "Grant the verb list on pods",
    ],
    [{ kind: "answer", status: 404, message: "no" }, "not_found", "Check the name"],
    [{ kind: "answer", status: 500, message: "etcd" }, "backend_error", "Try again"],
    [{ kind: "answer", status: 503 }, "backend_error", "Try again"],
    [{ kind: "answer", status: 504 }, "timed_out", "Try again"],
    [{ kind: "page" }, "backend_error", "whether a proxy stands in between"],
    [{ kind: "cut" }, "unreachable", "Check the network"],
    [{ kind: "half" }, "unreachable", "Check the network"],
  ] as const)("%j is %s", async (fault, code, hint) => {
    always(fault);
    await expect(list()).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  it("asks again when throttled, and gives up in the end", async () => {
    let left = 2;
    const busy: Fault = { kind: "answer", status: 429, headers: { "retry-after": "0" } };
    proxy.plan(() => (left-- > 0 ? busy : undefined));
    expect((await list()).items.length).toBeGreaterThan(0);
    expect(proxy.seen).toHaveLength(3);
    always(busy);
    await expect(list()).rejects.toMatchObject({ code: "throttled" });
    expect(proxy.seen).toHaveLength(4);
  });

  it("stops waiting for a throttling server when the caller gives up", async () => {
    always({ kind: "answer", status: 429, headers: { "retry-after": "3600" } });
    const signal = AbortSignal.timeout(300);
    await expect(list(signal)).rejects.toMatchObject({ code: "timed_out" });
  });

  it("stops waiting for a slow server at the deadline, or when the call is cancelled", async () => {
    always({ kind: "silence" });
    await expect(list(AbortSignal.timeout(300))).rejects.toMatchObject({ code: "timed_out" });
    const caller = new AbortController();
    proxy.plan(() => {
      caller.abort();
      return { kind: "silence" };
    });
    await expect(list(caller.signal)).rejects.toMatchObject({ code: "cancelled" });
  });

  it("logs in anew when a token is refused once", async () => {
    let left = 1;
    proxy.plan(() => (left-- > 0 ? { kind: "answer", status: 401 } : undefined));
    expect((await list()).items.length).toBeGreaterThan(0);
  });

  it.each([
    [{ kind: "answer", status: 500 }, "backend_error"],
    [{ kind: "answer", status: 409 }, "conflict"],
    [{ kind: "cut" }, "unreachable"],
  ] as const)("a write that meets %j is not repeated", async (fault, code) => {
    const before = writes();
    onWrites(fault);
    await expect(scaled(workloads, ref, 5)).rejects.toMatchObject({ code });
    expect(proxy.seen.filter(({ method }) => method === "PATCH")).toHaveLength(1);
    expect(writes()).toBe(before);
  });

  it("a write whose answer is lost is not repeated, and the error says that it may have happened", async () => {
    const before = writes();
    onWrites({ kind: "cut-after" });
    await expect(scaled(workloads, ref, 4)).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("not known whether the change was made"),
    });
    await vi.waitFor(() => expect(writes()).toBe(before + 1));
    proxy.plan(() => undefined);
    expect(replicasOf(await existing(workloads, ref))).toBe(4);
    await scaleTo(workloads, ref, 3);
  });

  it("a change that an admission policy denies is refused, in the policy's words", async () => {
    await cluster().kubectl(["apply", "-f", "-"], JSON.stringify(policy));
    await vi.waitFor(
      async () => {
        await expect(scaled(workloads, ref, 9, true)).rejects.toMatchObject({
          code: "refused",
          message: expect.stringContaining("at most eight replicas"),
        });
      },
      { timeout: 30_000, interval: 200 },
    );
    await cluster().kubectl(["delete", "-f", "-"], JSON.stringify(policy));
  });
});

describe("a cluster that cannot be talked to", () => {
  it.each([
    ["a wrong token", { token: "wrong" }, "unauthenticated", "Renew them"],
    ["nobody listening", { token: "x", server: "https://127.0.0.1:1" }, "unreachable", "network"],
    ["another certificate", { token: "x", authority: "" }, "unreachable", "certificate"],
  ] as const)("%s", async (title, options, code, hint) => {
    const kubeconfig = cluster().writeKubeconfig(title.replaceAll(" ", "-"), options);
    const { workloads, releases } = await livePorts(4, kubeconfig);
    const failure = { code, hint: expect.stringContaining(hint) };
    await expect(workloads.list(pods, never)).rejects.toMatchObject(failure);
    await expect(releases.list({ namespace }, never)).rejects.toMatchObject({ code });
  });
});

async function scaled(workloads: Workloads, target: WorkloadRef, replicas: number, dryRun = false) {
  const object = await existing(workloads, target);
  return workloads.scale(target, replicas, change(object, dryRun), never);
}

const policyName = { name: "at-most-eight" };
const policy = {
  apiVersion: "v1",
  kind: "List",
  items: [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: policyName,
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
          resourceRules: [
            {
              apiGroups: ["apps"],
              apiVersions: ["v1"],
              operations: ["UPDATE"],
              resources: ["deployments"],
            },
          ],
        },
        validations: [
          { expression: "object.spec.replicas <= 8", message: "at most eight replicas" },
        ],
      },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: policyName,
      spec: { policyName: policyName.name, validationActions: ["Deny"] },
    },
  ],
};
