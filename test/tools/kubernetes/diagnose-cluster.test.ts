import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { catalogue } from "#tools/index.ts";
import { withObjects, withoutRights } from "../../support/changed-cluster.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import {
  ago,
  condition,
  container,
  object,
  ownedBy,
  pod,
  running,
  waiting,
} from "../../support/objects.ts";

describe("diagnose_cluster", () => {
  it("tells where to look first while one workload crashes", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text, value } = await call("diagnose_cluster");
    expect(text).toMatchInlineSnapshot(`
      "At 2026-04-25T14:22:33Z: 4 of 9 pods abnormal. Look at the workload first: Deployment shop/checkout.
      API server v1.34.2: ready, answered in 12 ms.
      3 nodes; all ready, no pressure; none cordoned.
      Abnormal pods:
      - 4 × CrashLoopBackOff, last exit 137 OOMKilled: Deployment shop/checkout (checkout-f5627b5bbd-686zc)
      By node: node-b 2, node-a 1, node-c 1; by zone: us-east-1b 2, us-east-1a 1, us-east-1c 1; by namespace: shop 4.
      Warnings of the last 30 minutes:
      - 24 × BackOff Deployment shop/checkout, 3m 45s ago: "Back-off restarting failed container checkout in pod checkout-f5627b5bbd-686zc_shop(16585c9e-6cdc-e…"
      Newest rollouts: Deployment shop/checkout revision 5 at 2026-04-25T14:04:35Z, 17m 58s ago.
      Next: diagnose_workload {"resource_type":"deployment","name":"checkout","namespace":"shop"}"
    `);
    const { next } = z
      .object({ next: z.array(z.object({ tool: z.string(), args: z.unknown() })) })
      .parse(value);
    expect(next.length).toBeGreaterThan(0);
    for (const { tool, args } of next)
      expect(() => catalogue.get(tool)?.accept(args)).not.toThrow();
  });

  it("says that nothing is sick", async () => {
    const { call } = await connect({ scenario: "quiet-night" });
    const { text } = await call("diagnose_cluster");
    expect(text).toMatchInlineSnapshot(`
      "At 2026-04-25T14:22:33Z: 0 of 5 pods abnormal. Nothing that the cluster knows of is sick; what fails inside healthy pods shows in logs and metrics.
      API server v1.34.2: ready, answered in 12 ms.
      3 nodes; all ready, no pressure; none cordoned.
      No warning within 30 minutes.
      No Deployment began a new revision within two hours."
    `);
  });

  it("names the newest rollout as a suspect while every pod is well", async () => {
    const { call } = await connect({ scenario: "customer-etl" });
    const { value } = await call("diagnose_cluster");
    expect(value).toMatchObject({
      place: "none",
      next: [
        {
          tool: "kubectl_rollout_history",
          args: { resource_type: "deployment", name: "customer-etl", namespace: "data" },
        },
      ],
    });
  });

  it("answers for 5,000 pods in under 800 tokens, read page by page", async () => {
    const { call } = await connect({ world: crowded(5_000) });
    const { text, value } = await call("diagnose_cluster");
    expect(text).toMatchInlineSnapshot(`
      "At 2026-04-25T14:22:33Z: 714 of 5000 pods abnormal. Look at the control plane first: the API server is not well, or every namespace is hit.
      API server v1.34.2: ready, answered in 12 ms.
      3 nodes; all ready, no pressure; none cordoned.
      Abnormal pods:
      - 6 × CrashLoopBackOff: Deployment team-3/service-3 (service-3-7d9c5b8f4d-3)
      - 6 × ImagePullBackOff: Deployment team-10/service-10 (service-10-7d9c5b8f4d-10)
      - 6 × CreateContainerConfigError: Deployment team-17/service-17 (service-17-7d9c5b8f4d-17)
      - 6 × CrashLoopBackOff: Deployment team-4/service-24 (service-24-7d9c5b8f4d-24)
      - 6 × ImagePullBackOff: Deployment team-11/service-31 (service-31-7d9c5b8f4d-31)
      - and 115 more groups; give a namespace to see its own.
      By reason: CrashLoopBackOff 238, ImagePullBackOff 238, CreateContainerConfigError 238; by node: node-3 6, node-10 6, node-17 6; by namespace: team-3 36, team-10 36, team-17 36.
      No warning within 30 minutes.
      Newest rollouts: Deployment data/customer-etl revision 7 at 2026-04-25T14:05:35Z, 16m 58s ago.
      Next: diagnose_workload {"resource_type":"deployment","name":"service-3","namespace":"team-3"}
      Next: diagnose_workload {"resource_type":"deployment","name":"service-10","namespace":"team-10"}"
    `);
    expect(encode(text).length).toBeLessThan(800);
    expect(encode(JSON.stringify(value)).length).toBeLessThan(1_200);
  });

  it("looks into one namespace", async () => {
    const { call } = await connect({ world: crowded(200) });
    const { text, value } = await call("diagnose_cluster", { namespace: "team-3" });
    expect(value).toMatchObject({ pods: { total: 10, abnormal: 2 } });
    expect(text).toContain("2 of 10 pods of namespace team-3 abnormal.");
  });

  it("says what it could not see, and that the API server is not ready", async () => {
    const blind = withoutRights("nodes", "events");
    const sick = withCluster(({ workloads }) => ({
      workloads: {
        ...workloads,
        health: async () => ({
          ready: false,
          failing: ["etcd"],
          version: "v1.34.2",
          milliseconds: 900,
        }),
      },
    }));
    const { call } = await connect({ world: (world) => sick(blind(world)) });
    const { text } = await call("diagnose_cluster");
    expect(text).toMatchInlineSnapshot(`
      "At 2026-04-25T14:22:33Z: 0 of 11 pods abnormal. Look at the control plane first: the API server is not well, or every namespace is hit.
      API server v1.34.2: not ready (failing: etcd), answered in 900 ms.
      Newest rollouts: Deployment data/customer-etl revision 7 at 2026-04-25T14:05:35Z, 16m 58s ago.
      Could not see: nodes, events."
    `);
  });

  it("names sick and cordoned nodes, budgets that never give way and certificates that have ended", async () => {
    const { call } = await connect({
      scenario: "quiet-night",
      world: withObjects({
        nodes: [
          node("node-x", { conditions: [condition("Ready", "Unknown")] }),
          node("node-y", { conditions: [condition("Ready", "True")] }, { unschedulable: true }),
        ],
        pods: [
          pod("db-0", { spec: { nodeName: "node-y" } }),
          pod("api-1", { spec: { nodeName: "node-x" }, containers: [unready] }),
        ],
        secrets: [
          object("web-tls", { certificateEnds: { "tls.crt": ago(120) } }),
          object("api-tls", { certificateEnds: { "tls.crt": "2036-01-01T00:00:00.000Z" } }),
        ],
        poddisruptionbudgets: [
          object("db", {
            spec: { minAvailable: 1 },
            status: { disruptionsAllowed: 0, desiredHealthy: 1, expectedPods: 1 },
          }),
        ],
      }),
    });
    const { text } = await call("diagnose_cluster");
    expect(text).toMatchInlineSnapshot(`
      "At 2026-04-25T14:22:33Z: 1 of 7 pods abnormal. Look at node node-x first.
      API server v1.34.2: ready, answered in 12 ms.
      5 nodes; sick: node-x NotReady; cordoned: node-y (pods to move: 1).
      Abnormal pods:
      - 1 × Running, not ready: Pod data/api-1
      By node: node-x 1; by namespace: data 1.
      No warning within 30 minutes.
      Disruption budgets that never allow an eviction: data/db.
      Certificates: Secret data/web-tls expired 2h 22m ago, at 2026-04-25T12:00:00Z.
      No Deployment began a new revision within two hours.
      Next: kubectl_get {"resource_type":"nodes","name":"node-x"}
      Next: diagnose_workload {"resource_type":"pod","name":"api-1","namespace":"data"}"
    `);
  });

  it("refuses what is no namespace", async () => {
    const { call } = await connect();
    const { text } = await call("diagnose_cluster", { namespace: "-A" });
    expect(text).toContain("invalid_input: namespace: must be");
  });
});

const unready = container(running, { ready: false });

function node(name: string, status: object, spec: object = {}) {
  return object(name, { spec, status }, { namespace: undefined });
}

/** The cluster with so many more pods in 20 namespaces; every seventh crashes, for many reasons. */
function crowded(total: number) {
  const pods = Array.from({ length: total }, (_, index) => crowdPod(index));
  return withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async list(query, signal) {
        if (query.kind !== "pods") return workloads.list(query, signal);
        const { namespace, limit } = query;
        const found = pods.filter(
          ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
        );
        const from = Number(query.continue ?? 0);
        const end = from + limit;
        return {
          items: found.slice(from, end),
          remaining: Math.max(0, found.length - end),
          ...(end < found.length ? { continue: String(end) } : {}),
        };
      },
    },
  }));
}

const reasons = ["CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError"] as const;

function crowdPod(index: number) {
  const set = `service-${index % 40}-7d9c5b8f4d`;
  const reason = reasons[index % reasons.length] ?? "Error";
  return pod(`${set}-${index}`, {
    metadata: {
      ...ownedBy("ReplicaSet", set),
      namespace: `team-${index % 20}`,
      labels: { "pod-template-hash": "7d9c5b8f4d" },
    },
    spec: { nodeName: `node-${index % 120}` },
    containers: [index % 7 === 3 ? container(waiting(reason)) : container(running)],
  });
}
