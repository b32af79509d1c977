import type { Cause } from "#domain/diagnosis/cause.ts";

/** One reason of the scheduler's answer, with how many nodes it is for. */
export interface SchedulePart {
  readonly cause: Cause;
  /** Nodes; all of them when the reason holds before any node is looked at. */
  readonly nodes: number;
  /** In the scheduler's words. */
  readonly text: string;
  /** Said of nodes that are not meant for it anyway: control planes, cordoned ones. */
  readonly usual: boolean;
}

/** The scheduler's reasons (pkg/scheduler/framework/plugins), each the constant `ErrReason…` of its plugin. */
const REASONS: readonly (readonly [Cause, RegExp])[] = [
  [
    "volume_zone",
    /volume node affinity conflict|PersistentVolume's node affinity|no available volume zone/,
  ],
  [
    "unbound_claim",
    /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "[^"]*" (?:not found|is being deleted|bound to non-existent)|available persistent volumes to bind|unbound PersistentVolumeClaims/,
  ],
  ["insufficient_cpu", /Insufficient cpu/],
  ["insufficient_memory", /Insufficient memory/],
  ["too_many_pods", /Too many pods/],
  ["taint_not_tolerated", /untolerated taint|taint \{[^}]*\}, that the pod didn't tolerate/],
  [
    "topology_spread",
    /topology spread constraints|anti-affinity (?:rules|terms)|pod affinity rules|pod affinity\/anti-affinity/,
  ],
  ["node_affinity", /node affinity\/selector|node affinity|node selector|requested node name/],
  ["taint_not_tolerated", /were unschedulable/],
  ["volume_attach", /exceed max volume count/],
];

const USUAL =
  /node-role\.kubernetes\.io\/(?:control-plane|master)|were unschedulable|node\.kubernetes\.io\/unschedulable/;

/** `0/5 nodes are available: 3 Insufficient cpu, 2 node(s) …. preemption: …`, reason by reason, the weightiest first. */
export function scheduleParts(message: string): readonly SchedulePart[] {
  const [answer = ""] = message.split(/\.? preemption: /);
  const [, total = "0", rest = answer] =
    /^\d+\/(\d+) nodes are available: (.*)$/s.exec(answer) ?? [];
  const parts = split(rest).flatMap((text) => partOf(text, Number(total)));
  return parts.toSorted((a, b) => weight(b) - weight(a));
}

/** Reasons are parted by commas, and a taint may hold one. */
function split(text: string): readonly string[] {
  return text
    .split(/, (?=\d+ )/)
    .map((part) => part.replace(/\.\s*$/, "").trim())
    .filter((part) => part !== "");
}

function partOf(text: string, total: number): readonly SchedulePart[] {
  const cause = REASONS.find(([, words]) => words.test(text))?.[0];
  if (cause === undefined) return [];
  const [, count] = /^(\d+) /.exec(text) ?? [];
  const nodes = count === undefined ? total : Number(count);
  return [{ cause, nodes, text, usual: USUAL.test(text) }];
}

function weight({ nodes, usual }: SchedulePart): number {
  return usual ? nodes / 100 : nodes;
}
