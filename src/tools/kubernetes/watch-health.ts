import type { Verification } from "#domain/approvals/action.ts";
import { type Check, workloadHealth } from "#domain/kubernetes/health.ts";
import { workloadLabel } from "#domain/kubernetes/workload.ts";
import { count } from "#domain/text/table.ts";
import { MINUTE, SECOND, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef } from "#ports/workloads.ts";
import type { Call } from "#tools/tool.ts";
import { observe } from "./observe.ts";

/** A rollout that is not well by then is not going to be. */
const LIMIT = 5 * MINUTE;
const EVERY = 10 * SECOND;
/** A crash loop looks well for a while after each start: health must last. */
const STABLE = MINUTE;

type WatchPorts = Pick<Ports, "workloads" | "clock">;

/** Waits until all workloads have been well for a minute, or five minutes have passed. */
export async function watchHealth(
  refs: readonly WorkloadRef[],
  ports: WatchPorts,
  call: Call,
): Promise<Omit<Verification, "at">> {
  if (refs.length === 0) return nothingToSee;
  const end = shift(ports.clock.now(), LIMIT);
  let since = ports.clock.now();
  for (;;) {
    const { checks, blind } = await lookAt(refs, since, ports, call.signal);
    const now = ports.clock.now();
    const well = checks.every(({ ok }) => ok);
    if (!well) since = now;
    if (now.getTime() - since.getTime() >= STABLE)
      return { outcome: "passed", checks: bounded(checks) };
    if (now >= end) {
      return { outcome: well || blind ? "inconclusive" : "failed", checks: bounded(checks) };
    }
    call.progress(progressText(checks));
    await ports.clock.sleep(EVERY, call.signal);
  }
}

const nothingToSee: Omit<Verification, "at"> = {
  outcome: "inconclusive",
  checks: [{ name: "workloads", ok: false, evidence: "There is no workload to look at." }],
};

interface Look {
  readonly checks: Check[];
  /** Something could not be read, so that not all is known. */
  readonly blind: boolean;
}

async function lookAt(
  refs: readonly WorkloadRef[],
  since: Date,
  ports: WatchPorts,
  signal: AbortSignal,
): Promise<Look> {
  const looks = await Promise.all(refs.map((ref) => lookAtOne(ref, since, ports, signal)));
  return {
    checks: looks.flatMap(({ checks }) => checks),
    blind: looks.some(({ blind }) => blind),
  };
}

async function lookAtOne(
  ref: WorkloadRef,
  since: Date,
  ports: WatchPorts,
  signal: AbortSignal,
): Promise<Look> {
  try {
    const seen = await observe(ref, ports, signal);
    if (seen)
      return { checks: [...workloadHealth(seen.workload, seen.facts, since)], blind: false };
    return { checks: [unseen(ref, "It does not exist.")], blind: false };
  } catch (error) {
    if (!(error instanceof OpsError) || error.code === "cancelled") throw error;
    return { checks: [unseen(ref, `${error.code}: ${error.message}`)], blind: true };
  }
}

function unseen(ref: WorkloadRef, evidence: string): Check {
  return { name: `${workloadLabel(ref)}: can be seen`, ok: false, evidence };
}

/** Checks that a person still reads; those that failed come first when there are more. */
const MOST_CHECKS = 16;

function bounded(checks: readonly Check[]): Check[] {
  if (checks.length <= MOST_CHECKS) return [...checks];
  const ordered = [...checks.filter(({ ok }) => !ok), ...checks.filter(({ ok }) => ok)];
  const rest = ordered.slice(MOST_CHECKS);
  const failed = rest.filter(({ ok }) => !ok).length;
  const evidence = `${rest.length - failed} ok, ${failed} not.`;
  return [...ordered.slice(0, MOST_CHECKS), { name: "other checks", ok: failed === 0, evidence }];
}

function progressText(checks: readonly Check[]): string {
  const open = checks.filter(({ ok }) => !ok);
  const [first] = open;
  if (first === undefined) return "All is well; waiting to see that it lasts.";
  return `${count(open.length, "check")} still open. ${first.name}: ${first.evidence}`;
}
