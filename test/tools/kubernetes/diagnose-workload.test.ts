import { expect, test } from "vitest";
import * as z from "zod";
import { OpsError } from "#errors.ts";
import { catalogue } from "#tools/index.ts";
import { withObjects, withoutRights } from "../../support/changed-cluster.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { container, pod, waiting } from "../../support/objects.ts";
import { tokens } from "../../support/tokens.ts";

const nextSchema = z.object({
  findings: z.array(
    z.object({
      next: z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
    }),
  ),
});

const sick = [
  ["checkout-memory", { name: "checkout", namespace: "shop" }],
  ["image-typo", { name: "booking-api", namespace: "travel" }],
  ["probe-path", { name: "playlist-api", namespace: "media" }],
  ["missing-config-key", { name: "invoice-api", namespace: "billing" }],
  ["gitops-owned", { name: "account-web", namespace: "portal" }],
] as const;

test("a sick workload: what is broken, why, since when, what changed, what to do", async () => {
  const { call } = await connect({ scenario: "checkout-memory" });
  const { text } = await call("diagnose_workload", { name: "checkout", namespace: "shop" });
  expect(text).toMatchInlineSnapshot(`
    "deployment shop/checkout is sick: Container exceeds its own memory limit (certain).
    Changed shortly before: deployment/checkout revision 5 at 2026-04-25T14:04:35Z, "checkout: registry.example.com/shop/checkout:v4.11.0 → registry.example.com/shop/checkout:v4.12.0".
    1. oom_limit (certain): Container checkout was killed because it used more memory than its limit of 256Mi. The same in 3 more pods. Since 2026-04-25T14:06:01Z (16m 32s ago).
       Do: If a new version needs or leaks more, go back to the one before; else raise the limit above its real peak.
       Next: helm_rollback {"release":"checkout","namespace":"shop"}
       Affected: Pod shop/checkout-f5627b5bbd-686zc, Pod shop/checkout-f5627b5bbd-f57kd, Pod shop/checkout-f5627b5bbd-vzmj6, Pod shop/checkout-f5627b5bbd-wjf8t, Service shop/checkout.
       - Pod shop/checkout-f5627b5bbd-686zc status.containerStatuses[checkout].lastState.terminated at 2026-04-25T14:18:48Z: "exit code 137, OOMKilled, 5 restarts"
       - Pod shop/checkout-f5627b5bbd-686zc spec.containers[checkout].resources.limits.memory: "256Mi"
    Checked: deployment/checkout, 4 pods, 3 nodes, 1 service."
  `);
});

test("a healthy workload: what was checked", async () => {
  const { call } = await connect({ scenario: "quiet-night" });
  const { text, value } = await call("diagnose_workload", {
    name: "uploads-api",
    namespace: "media",
  });
  expect(text).toMatchInlineSnapshot(`
    "deployment media/uploads-api is healthy.
    Checked: deployment/uploads-api, 3 pods, 3 nodes, 1 service.
    If it misbehaves all the same: list_recent_changes, then kubectl_logs."
  `);
  expect(value.findings).toEqual([]);
});

test.each(sick)("%s: an answer is short, and its next call can be made", async (scenario, args) => {
  const { call } = await connect({ scenario });
  const { text, value } = await call("diagnose_workload", args);
  expect(value.state).toBe("sick");
  expect(tokens(text)).toBeLessThan(800);
  expect(tokens(JSON.stringify(value))).toBeLessThan(1_200);
  for (const { next } of nextSchema.parse(value).findings) {
    expect(() => next && catalogue.get(next.tool)?.accept(next.args)).not.toThrow();
    expect(next && catalogue.has(next.tool)).toBe(true);
  }
});

test("whoever applies a workload from elsewhere has to change it", async () => {
  const { call } = await connect({ scenario: "gitops-owned" });
  const { text } = await call("diagnose_workload", { name: "account-web", namespace: "portal" });
  expect(text).toContain("Flux Kustomization flux-system/portal applies it from elsewhere");
  expect(text).toContain("Next: kubectl_rollout_history");
});

test.each([
  ["service", "checkout"],
  ["release", "checkout"],
])("the same cause, asked of its %s", async (resource_type, name) => {
  const { call } = await connect({ scenario: "checkout-memory" });
  const { text } = await call("diagnose_workload", { resource_type, name, namespace: "shop" });
  expect(text.split("\n")[0]).toBe(
    `${resource_type} shop/checkout is sick: Container exceeds its own memory limit (certain).`,
  );
});

test("a pod that nothing explains is unclear", async () => {
  const creating = pod("web-1", {
    status: { phase: "Pending" },
    containers: [container(waiting("ContainerCreating"))],
  });
  const { call } = await connect({ world: withObjects({ pods: [creating] }) });
  const args = { resource_type: "pod", name: "web-1", namespace: "data" };
  const { text, value } = await call("diagnose_workload", args);
  expect(value.state).toBe("unclear");
  expect(text).toMatchInlineSnapshot(`
    "pod data/web-1 is not well, and nothing that was read explains it.
    Pod data/web-1 is ContainerCreating (3h 22m old).
    Checked: 1 pod, 1 node.
    Next: kubectl_events and kubectl_logs of these."
  `);
});

test("what may not be read is said", async () => {
  const world = withoutRights("events", "nodes");
  const { call } = await connect({ scenario: "checkout-memory", world });
  const { text } = await call("diagnose_workload", { name: "checkout", namespace: "shop" });
  expect(text).toContain("oom_limit (certain)");
  expect(text).toContain("Could not see, or not all: nodes, events.");
});

test("an allow-list of namespaces keeps the rest out of it", async () => {
  const settings = { namespaces: ["shop"] };
  const { call } = await connect({ scenario: "checkout-memory", settings });
  const { text } = await call("diagnose_workload", { name: "checkout", namespace: "shop" });
  expect(text).toContain("oom_limit (certain)");
  const other = await call("diagnose_workload", { name: "web", namespace: "media" });
  expect(other.text).toContain("not_allowed: Namespace media is outside --namespaces.");
});

test("a log that cannot be read is said", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      // biome-ignore lint/correctness/useYield: the kubelet does not answer
      async *logs() {
        throw new OpsError("timed_out", "The kubelet does not answer.", "Ask again.");
      },
    },
  }));
  const { call } = await connect({ scenario: "checkout-memory", world });
  const { text } = await call("diagnose_workload", { name: "checkout", namespace: "shop" });
  expect(text).toMatch(/Could not see, or not all: log of checkout of checkout-\S+/);
});

test("what does not exist", async () => {
  const { call } = await connect({ scenario: "checkout-memory" });
  const near = await call("diagnose_workload", { name: "checkot", namespace: "shop" });
  expect(near.text).toMatchInlineSnapshot(`
    "not_found: There is no deployment checkot in namespace shop.
    Close names: checkout."
  `);
  const release = { resource_type: "release", name: "nothing", namespace: "shop" };
  expect((await call("diagnose_workload", release)).text).toMatchInlineSnapshot(`
    "not_found: Nothing in namespace shop says that it belongs to Helm release nothing.
    helm_history tells whether there is such a release; else name the workload itself."
  `);
  const bad = await call("diagnose_workload", { resource_type: "node", name: "a" });
  expect(bad.text).toMatchInlineSnapshot(`
    "invalid_input: resource_type: Invalid option: expected one of "deployment"|"statefulset"|"daemonset"|"pod"|"service"|"ingress"|"hpa"|"pvc"|"job"|"cronjob"|"release".
    Valid arguments: resource_type, name, namespace."
  `);
});
