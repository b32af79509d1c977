import type { Verification } from "#domain/approvals/action.ts";
import type { Check } from "#domain/kubernetes/health.ts";
import { atMost } from "#domain/text/at-most.ts";
import type { Ports } from "#ports/index.ts";
import type { Call } from "#tools/tool.ts";
import { type Drain, type DrainPorts, sortedPods } from "./drain-steps.ts";
import { sameNode } from "./node-reads.ts";
import { watchHealth } from "./watch-health.ts";

/** Whether the node is empty, and then whether those that left are well elsewhere. */
export async function verifyDrain(
  drain: Drain,
  ports: DrainPorts,
  call: Call,
): Promise<Omit<Verification, "at">> {
  const own = await nodeChecks(drain, ports, call.signal);
  if (!own.every(({ ok }) => ok)) return { outcome: "failed", checks: own };
  if (drain.watched.length === 0) return { outcome: "passed", checks: own };
  const health = await watchHealth(drain.watched, ports, call);
  return { outcome: health.outcome, checks: [...own, ...health.checks] };
}

async function nodeChecks(
  drain: Drain,
  ports: Pick<Ports, "workloads">,
  signal: AbortSignal,
): Promise<Check[]> {
  const node = await sameNode(drain, ports.workloads, signal);
  const { leave, forbidden, going } = await sortedPods(drain, ports, signal);
  const left = [...leave, ...forbidden, ...going].map(({ label }) => label);
  const evidence =
    left.length === 0
      ? `All ${drain.pods.length} that were to leave are gone.`
      : `${left.length} still there: ${atMost(left, 10, "pod").join(", ")}.`;
  return [
    {
      name: `node ${drain.node}: closed to new pods`,
      ok: node?.cordoned === true,
      evidence: node ? `spec.unschedulable is ${node.cordoned}.` : "The node is gone.",
    },
    { name: `node ${drain.node}: drained`, ok: left.length === 0, evidence },
  ];
}
