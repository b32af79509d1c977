import * as z from "zod";
import {
  cordonDiff,
  cordonImpact,
  cordonWarnings,
  refuseSameCordon,
} from "#domain/kubernetes/cordon.ts";
import { readNode } from "#domain/kubernetes/node.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField } from "#tools/fields.ts";
import { byHand } from "./by-hand.ts";
import { asRead, rehearse } from "./existing.ts";
import {
  cordonSchema,
  existingNode,
  otherNodes,
  podsOn,
  sameNode,
  setCordon,
} from "./node-reads.ts";
import { checkRights } from "./rights.ts";

export const kubectlCordon = defineAction({
  name: "kubectl_cordon",
  title: "Cordon or uncordon a node",
  description:
    "Close a node to new pods, or open it again; its pods stay. Needs approval, then verifies.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "yes",
  input: z.strictObject({
    node: kubeNameField.describe("Node."),
    cordoned: z.boolean().default(true).describe("false opens it again."),
  }),
  planned: cordonSchema,

  async plan({ node: name, cordoned }, { workloads }, call) {
    const object = await existingNode(name, workloads, call.signal);
    const [node, read] = [readNode(object), asRead(object)];
    refuseSameCordon(node, cordoned);
    const planned = { node: name, cordoned, read };
    const missing = await checkRights(rights, workloads, call);
    const [forbidden, pods, others] = await Promise.all([
      rehearse(() => setCordon(planned, workloads, call, true)),
      podsOn(name, workloads, call.signal),
      otherNodes(name, workloads, call.signal),
    ]);
    const open = others.filter((other) => readNode(other).open).length;
    return {
      target: { kind: "Node", name },
      binds: { node: name, uid: read.uid, cordoned },
      shows: {
        summary: `${cordoned ? "Cordon" : "Uncordon"} node ${name}.`,
        diff: cordonDiff(node, cordoned),
        impact: cordonImpact(node, cordoned, pods.length, open),
        warnings: [...missing, ...forbidden, ...cordonWarnings(node, cordoned, open)],
        command: byHand("kubectl", [cordoned ? "cordon" : "uncordon", name], call),
      },
      owners: [],
      undo: { tool: "kubectl_cordon", args: { node: name, cordoned: !cordoned } },
      planned,
    };
  },

  async apply(planned, { workloads }, call) {
    await setCordon(planned, workloads, call, false);
    const summary = `${planned.cordoned ? "Cordoned" : "Uncordoned"} node ${planned.node}.`;
    return { summary, facts: { unschedulable: planned.cordoned } };
  },

  async settle(planned, { workloads }, call) {
    const node = await sameNode(planned, workloads, call.signal);
    if (node === undefined) return "unknown";
    return node.cordoned === planned.cordoned ? "applied" : "not_applied";
  },

  async verify(planned, { workloads }, call) {
    const node = await sameNode(planned, workloads, call.signal);
    const ok = node?.cordoned === planned.cordoned;
    const evidence = node ? `spec.unschedulable is ${node.cordoned}.` : "The node is gone.";
    const name = `node ${planned.node}: ${planned.cordoned ? "closed to new pods" : "open"}`;
    return { outcome: ok ? "passed" : "failed", checks: [{ name, ok, evidence }] };
  },
});

const rights = [{ verb: "patch", group: "", resource: "nodes" }];
