import type { Verification } from "#domain/approvals/action.ts";
import type { Check } from "#domain/kubernetes/health.ts";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import type { TrafficShift } from "#domain/kubernetes/traffic-shift.ts";
import { selectorOf, splitDigest } from "#domain/kubernetes/traffic-split.ts";
import { count } from "#domain/text/table.ts";
import { MINUTE } from "#domain/window.ts";
import type { Ports } from "#ports/index.ts";
import type { Workloads } from "#ports/workloads.ts";
import type { Call } from "#tools/tool.ts";
import { endpointsOf, readyPods } from "./traffic-reads.ts";
import { until } from "./until.ts";

/** Endpoints follow a selector within seconds. */
const LIMIT = 2 * MINUTE;

interface Shifted {
  readonly shift: TrafficShift;
  /** Digest of the split as it should be. */
  readonly to: string;
  readonly gaining: readonly string[];
}

/** Whether the split is as asked, and ready endpoints take the traffic. */
export async function verifyShift(
  shifted: Shifted,
  ports: Pick<Ports, "workloads" | "clock">,
  call: Call,
): Promise<Omit<Verification, "at">> {
  const look = () => checksOf(shifted, ports.workloads, call.signal);
  const checks = await until(look, allOk, LIMIT, ports, call);
  return { outcome: allOk(checks) ? "passed" : "failed", checks };
}

const allOk = (checks: readonly Check[]) => checks.every(({ ok }) => ok);

async function checksOf(
  { shift, to, gaining }: Shifted,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Check[]> {
  const { kind, namespace, name } = shift;
  const object = await workloads.get(shift, signal);
  const ok = object !== undefined && splitDigest(kind, object) === to;
  const evidence = ok ? "It is as it was set." : "Somebody else has changed it, or it is gone.";
  const asked: Check = { name: `${kindNames(kind).one} ${name}: split as asked`, ok, evidence };
  const behind =
    object !== undefined && kind === "services"
      ? [await followed(namespace, name, selectorOf(object), workloads, signal)]
      : await Promise.all(gaining.map((one) => answered(namespace, one, workloads, signal)));
  return [asked, ...behind];
}

/** Whether the endpoints are the ready pods of the selector, and no others. */
async function followed(
  namespace: string,
  name: string,
  selector: Readonly<Record<string, string>>,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Check> {
  const wanted = await readyPods(namespace, selector, workloads, signal);
  const now = await endpointsOf(namespace, name, workloads, signal);
  const strangers = now.filter((uid) => !wanted.includes(uid)).length;
  const ok = now.length > 0 && strangers === 0;
  const evidence = `${count(now.length, "ready endpoint")}, ${strangers} of other pods; ${count(wanted.length, "ready pod")} selected.`;
  return { name: `service ${name}: endpoints follow`, ok, evidence };
}

async function answered(
  namespace: string,
  service: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Check> {
  const { length } = await endpointsOf(namespace, service, workloads, signal);
  const evidence = `${count(length, "ready endpoint")}.`;
  return { name: `service ${service}: ready endpoints`, ok: length > 0, evidence };
}
