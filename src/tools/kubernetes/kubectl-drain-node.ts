import * as z from "zod";
import type { SortedPods } from "#domain/kubernetes/drain.ts";
import {
  drainDiff,
  drainImpact,
  drainWarnings,
  placesFor,
  refuseForbidden,
} from "#domain/kubernetes/drain-plan.ts";
import { type Node, readNode } from "#domain/kubernetes/node.ts";
import { OpsError } from "#errors.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { byHand } from "./by-hand.ts";
import { drainRoom } from "./drain-room.ts";
import { type Drain, drainSchema, drainSummary, evictAll, sortedPods } from "./drain-steps.ts";
import { verifyDrain } from "./drain-verify.ts";
import { healthyWorkloads } from "./drain-watch.ts";
import { asRead, rehearse } from "./existing.ts";
import { existingNode, podsOn, sameNode, setCordon } from "./node-reads.ts";
import { budgetsIn } from "./pod-family.ts";
import { checkRights } from "./rights.ts";

export const kubectlDrainNode = defineAction({
  name: "kubectl_drain_node",
  title: "Drain a node",
  description:
    "Cordon a node and evict its pods one by one, as budgets allow; can be stopped half-way. Needs approval, then verifies.",
  needs: ["workloads", "clock", "policy"],
  place: "cluster",
  risk: "high",
  reversible: "partial",
  input: z.strictObject({
    node: kubeNameField.describe("Node."),
    delete_local_data: z.boolean().default(false).describe("Also pods with emptyDir volumes."),
    force_unmanaged: z.boolean().default(false).describe("Also pods nothing makes anew."),
    timeout_seconds: intField(10, 480).default(300).describe("Give up then."),
  }),
  planned: drainSchema,

  async plan(input, { workloads }, call) {
    const object = await existingNode(input.node, workloads, call.signal);
    const [node, read] = [readNode(object), asRead(object)];
    const sorted = await sortedPods(input, { workloads }, call.signal);
    refuseDrained(node, sorted);
    refuseForbidden(node.name, sorted);
    const missing = await checkRights(rights, workloads, call);
    const cordon = { node: node.name, cordoned: true, read };
    const [forbidden, budgets, room, watched] = await Promise.all([
      rehearse(() => setCordon(cordon, workloads, call, true)),
      budgetsIn(undefined, workloads, call.signal),
      drainRoom(node.name, workloads, call.signal),
      healthyWorkloads(sorted.leave, workloads, call.signal),
    ]);
    const places = placesFor(room, sorted.leave);
    return {
      target: { kind: "Node", name: node.name },
      binds: { ...input, uid: read.uid, unmanaged: unmanaged(sorted) },
      shows: {
        summary: `Drain node ${node.name}.`,
        diff: drainDiff(node, sorted, places),
        impact: drainImpact(node, sorted),
        warnings: [...missing, ...forbidden, ...drainWarnings(sorted, places, budgets), wayBack],
        command: drainCommand(input, call),
      },
      owners: [],
      ...(node.cordoned
        ? {}
        : { undo: { tool: "kubectl_cordon", args: { node: node.name, cordoned: false } } }),
      planned: { ...input, read, cordoned_before: node.cordoned, pods: refsOf(sorted), watched },
    };
  },

  async apply(drain, ports, call) {
    if (!drain.cordoned_before) {
      await setCordon({ ...drain, cordoned: true }, ports.workloads, call, false);
    }
    const progress = await evictAll(drain, ports, call);
    return { summary: drainSummary(drain.node, progress), facts: { ...progress } };
  },

  async settle(drain, { workloads }, call) {
    const node = await sameNode(drain, workloads, call.signal);
    if (node === undefined) return "unknown";
    if (!node.cordoned) return "not_applied";
    if (!drain.cordoned_before) return "applied";
    const here = await podsOn(drain.node, workloads, call.signal);
    const uids = new Set(here.map(({ metadata }) => metadata.uid));
    return drain.pods.every(({ uid }) => uids.has(uid)) ? "not_applied" : "applied";
  },

  verify: verifyDrain,
});

const rights = [
  { verb: "patch", group: "", resource: "nodes" },
  { verb: "create", group: "", resource: "pods", subresource: "eviction" },
];

const wayBack = "To uncordon the node brings no pod back to it: they stay where they are.";

function refuseDrained({ name, cordoned }: Node, sorted: SortedPods): void {
  const { leave, forbidden, going } = sorted;
  if (!cordoned || leave.length + forbidden.length + going.length > 0) return;
  throw new OpsError(
    "no_change",
    `Node ${name} is cordoned, and no pod is left on it that a drain would evict.`,
    "kubectl_cordon with cordoned false opens it again.",
  );
}

/** Pods that are lost for good: another one that turns up needs another yes. */
function unmanaged({ leave }: SortedPods): string[] {
  return leave
    .filter(({ pod }) => pod.metadata.ownerReferences.length === 0)
    .map(({ pod }) => pod.metadata.uid)
    .sort();
}

function refsOf({ leave }: SortedPods): Drain["pods"] {
  return leave.map(({ pod }) => {
    const { namespace = "", name, uid } = pod.metadata;
    return { namespace, name, uid };
  });
}

function drainCommand(
  input: Pick<Drain, "node" | "delete_local_data" | "force_unmanaged" | "timeout_seconds">,
  call: Call,
): string {
  const options = [
    "--ignore-daemonsets",
    ...(input.delete_local_data ? ["--delete-emptydir-data"] : []),
    ...(input.force_unmanaged ? ["--force"] : []),
    `--timeout=${input.timeout_seconds}s`,
  ];
  return byHand("kubectl", ["drain", input.node, ...options], call);
}
