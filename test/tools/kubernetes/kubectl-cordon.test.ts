import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";

const ask = { node: "node-a" };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows the field, who stays, and the way back", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("kubectl_cordon", ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Cordon node node-a.
    Action ACT-1.

    Target: Node node-a in cluster sandbox. Risk: medium. Reversible: yes.
    Impact: The 4 pods of node-a stay. New pods go to the 2 other nodes that take them.
    \`\`\`diff
    Node node-a
      spec.unschedulable: false → true
    \`\`\`
    Way back: undo_action, which calls kubectl_cordon with node "node-a", cordoned false
    By hand: kubectl cordon node-a --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("a cordoned node takes no new pods, and is opened again by the undo", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call("kubectl_cordon", ask);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  await call("kubectl_rollout_restart", { deployment: "customer-etl", namespace: "data" });
  const pods = await call("kubectl_get", {
    resource_type: "pods",
    namespace: "data",
    label_selector: "app.kubernetes.io/name=customer-etl",
  });
  expect(JSON.stringify(pods.value)).not.toContain("node-a");
  const again = await call("kubectl_cordon", ask);
  expect(again.text).toMatch(/^no_change: Node node-a is cordoned already\./);
  const undone = await call("undo_action", { action_id: value.action_id });
  expect(undone.value, undone.text).toMatchObject({ status: "applied" });
  const node = await call("kubectl_get", { resource_type: "nodes", name: "node-a" });
  expect(node.text).not.toContain("cordoned");
});

test("a declined cordon changes nothing", async () => {
  const { call } = await connect({ answer: () => ({ action: "decline" }) });
  await call("kubectl_cordon", ask);
  const node = await call("kubectl_get", { resource_type: "nodes", name: "node-a" });
  expect(node.text).not.toContain("cordoned");
});

test("a status that moved in between does not stop it; somebody else's cordon does", async () => {
  let conflicts = 1;
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async cordon(node, cordoned, change, signal) {
        if (!change.dryRun && conflicts-- > 0) {
          throw new OpsError("conflict", "the node moved", "Read it again.");
        }
        return workloads.cordon(node, cordoned, change, signal);
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  expect((await call("kubectl_cordon", ask)).value).toMatchObject({ status: "applied" });
  conflicts = 2;
  const again = await connect({ answer: yes, world });
  expect((await again.call("kubectl_cordon", ask)).value).toMatchObject({ status: "not_applied" });
});

test("without the right, the plan is refused with the role to add", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, may: async () => false },
  }));
  const { call } = await connect({ answer: yes, world });
  const { text, failed } = await call("kubectl_cordon", ask);
  expect(failed).toBe(true);
  expect(text).toMatch(/^access_denied: These credentials may not patch nodes\./);
  expect(text).toContain('{ apiGroups: [""], resources: [nodes], verbs: [patch] }');
});

test("allow-lists of namespaces leave nodes alone", async () => {
  const { call } = await connect({ answer: yes, settings: { namespaces: ["data"] } });
  const { text } = await call("kubectl_cordon", ask);
  expect(text).toMatch(/^not_allowed: A node runs pods of every namespace/);
});

test.each([
  ["an unknown node", { node: "node-z" }, "not_found"],
  ["what is no name", { node: "-h" }, "invalid_input"],
  ["an open node", { node: "node-a", cordoned: false }, "no_change"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("kubectl_cordon", args);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
