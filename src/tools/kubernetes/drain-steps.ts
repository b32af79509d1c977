import * as z from "zod";
import { type SortedPod, type SortedPods, sortPods } from "#domain/kubernetes/drain.ts";
import { refuseForbidden } from "#domain/kubernetes/drain-plan.ts";
import { count } from "#domain/text/table.ts";
import { SECOND, shift } from "#domain/window.ts";
import { type ErrorCode, OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { Call } from "#tools/tool.ts";
import { asReadSchema } from "./existing.ts";
import { podsOn } from "./node-reads.ts";
import { workloadRefSchema } from "./observe.ts";

/** A budget that said no is asked again after so long. */
const AGAIN = 5 * SECOND;

const podRefSchema = z.object({ namespace: z.string(), name: z.string(), uid: z.string() });

export const drainSchema = z.object({
  node: z.string(),
  read: asReadSchema,
  cordoned_before: z.boolean(),
  delete_local_data: z.boolean(),
  force_unmanaged: z.boolean(),
  timeout_seconds: z.int(),
  /** The pods that were to leave when the plan was made. */
  pods: z.array(podRefSchema),
  /** Workloads of theirs that were well then, to look after. */
  watched: z.array(workloadRefSchema),
});
export type Drain = z.output<typeof drainSchema>;

export type DrainPorts = Pick<Ports, "workloads" | "clock" | "policy">;

/** The node's pods as they are now, by what becomes of them. */
export async function sortedPods(
  drain: Pick<Drain, "node" | "delete_local_data" | "force_unmanaged">,
  { workloads }: Pick<Ports, "workloads">,
  signal: AbortSignal,
): Promise<SortedPods> {
  return sortPods(await podsOn(drain.node, workloads, signal), {
    deleteLocalData: drain.delete_local_data,
    forceUnmanaged: drain.force_unmanaged,
  });
}

/** How far a drain came. */
export interface Progress {
  readonly evicted: number;
  /** Pods that were not evicted and should have been. */
  readonly left: number;
  /** Why it ended before all had left; absent when they have. */
  readonly stopped?: string;
}

/** Evicts pod by pod until all have left, its time is up, or somebody stops it. */
export async function evictAll(drain: Drain, ports: DrainPorts, call: Call): Promise<Progress> {
  const end = shift(ports.clock.now(), drain.timeout_seconds * SECOND);
  let evicted = 0;
  for (;;) {
    const sorted = await sortedPods(drain, ports, call.signal);
    if (isEmpty(sorted)) return { evicted, left: 0 };
    refuseForbidden(drain.node, sorted);
    const round = await evictRound(sorted.leave, ports, call, (done) => {
      call.progress(
        `Evicted ${evicted + done} of ${drain.pods.length} pods of ${drain.node}.`,
        evicted + done,
        Math.max(drain.pods.length, evicted + done),
      );
    });
    evicted += round.evicted;
    const late = ports.clock.now() >= end ? timeUp(drain, round.blocked) : undefined;
    const stopped = round.stopped ?? late;
    if (stopped !== undefined) {
      return { evicted, left: sorted.leave.length - round.evicted, stopped };
    }
    if (round.blocked !== undefined) call.progress(`Waiting: ${round.blocked}.`);
    await ports.clock.sleep(AGAIN, call.signal);
  }
}

function isEmpty({ leave, going, forbidden }: SortedPods): boolean {
  return leave.length + going.length + forbidden.length === 0;
}

function timeUp({ timeout_seconds }: Drain, blocked: string | undefined): string {
  const why = blocked === undefined ? "pods are still on their way out" : blocked;
  return `its ${timeout_seconds} s were up (${why})`;
}

interface Round {
  readonly evicted: number;
  /** A budget's words, when one said no. */
  readonly blocked?: string;
  readonly stopped?: string;
}

/** Asks once for each pod; between two of them it may be stopped. */
async function evictRound(
  pods: readonly SortedPod[],
  ports: DrainPorts,
  call: Call,
  tell: (evicted: number) => void,
): Promise<Round> {
  let evicted = 0;
  let blocked: string | undefined;
  for (const { pod } of pods) {
    const stopped = await whyStop(ports, call);
    if (stopped !== undefined) return { evicted, stopped };
    const answer = await evictOne(pod.metadata, ports, call);
    if (answer === undefined) tell(++evicted);
    else blocked = answer;
  }
  return { evicted, ...(blocked === undefined ? {} : { blocked }) };
}

/** Gone by itself, or another pod under the same name: either way it has left. */
const LEFT: readonly ErrorCode[] = ["not_found", "conflict"];
/** What the next round may see differently; a pod under several budgets is one that the API fails on. */
const LATER: readonly ErrorCode[] = ["backend_error", "throttled"];

/** Why the pod did not go, in the words of its budget or of the API server. */
async function evictOne(
  { namespace = "", name, uid }: SortedPod["pod"]["metadata"],
  { workloads }: DrainPorts,
  { signal }: Call,
): Promise<string | undefined> {
  try {
    const answer = await workloads.evict({ namespace, name, uid }, false, signal);
    return answer.evicted ? undefined : answer.blocked;
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    if (LEFT.includes(error.code)) return;
    if (LATER.includes(error.code)) return error.message;
    throw error;
  }
}

/** Why a drain under way goes no further. A policy that cannot be read stops it as well. */
async function whyStop(
  { policy }: Pick<Ports, "policy">,
  { cancelled }: Call,
): Promise<string | undefined> {
  if (cancelled?.()) return "its caller cancelled it";
  return policy.load().then(
    ({ kill_switch }) => (kill_switch ? "the policy's kill switch is on" : undefined),
    () => "the policy cannot be read",
  );
}

/** What a drain did, in one sentence. */
export function drainSummary(node: string, { evicted, left, stopped }: Progress): string {
  const done = `Cordoned node ${node} and evicted ${count(evicted, "pod")}`;
  if (stopped === undefined) return `${done}: it is drained.`;
  return `${done}, then stopped, because ${stopped}. Not evicted: ${count(left, "pod")}.`;
}
