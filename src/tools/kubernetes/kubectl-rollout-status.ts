import * as z from "zod";
import { imagesText } from "#domain/kubernetes/columns/containers.ts";
import { exitText } from "#domain/kubernetes/columns/pods.ts";
import { since } from "#domain/kubernetes/columns/row.ts";
import { type KubeEvent, readEvent } from "#domain/kubernetes/events.ts";
import { workloadKinds } from "#domain/kubernetes/object.ts";
import type { PodState } from "#domain/kubernetes/pods.ts";
import { type RolloutState, rolloutState } from "#domain/kubernetes/rollout.ts";
import { kindWord, type ReplicaSet, revisionOf } from "#domain/kubernetes/workload.ts";
import { table } from "#domain/text/table.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import { whyMissing } from "./missing.ts";
import { observe } from "./observe.ts";
import { kindOf, workloadTypeField } from "./workload-type.ts";

const MAX_PODS = 5;
const MAX_REPLICA_SETS = 3;
const MAX_EVENTS = 5;
const MAX_MESSAGE = 160;
/** Events that are read to find the workload's own. */
const EVENTS_READ = 2_000;

const podRow = z.object({
  name: z.string(),
  status: z.string(),
  ready: z.string(),
  restarts: z.int(),
  last_exit: z.string(),
  age: z.string(),
  message: z.string(),
});
const replicaSetRow = z.object({
  name: z.string(),
  revision: z.int(),
  ready: z.string(),
  images: z.string(),
});
const eventRow = z.object({
  reason: z.string(),
  object: z.string(),
  count: z.int(),
  last_seen: z.string(),
  message: z.string(),
});

const output = z.object({
  kind: z.enum(workloadKinds),
  name: z.string(),
  namespace: z.string(),
  state: z.enum(["done", "progressing", "stuck"]),
  why: z.string(),
  desired: z.int(),
  updated: z.int(),
  ready: z.int(),
  available: z.int(),
  pods: z.array(podRow).describe("Pods that are not well."),
  pods_left_out: z.int(),
  replica_sets: z.array(replicaSetRow).describe("Newest revision first."),
  events: z.array(eventRow).describe("Warnings, merged."),
  events_left_out: z.int(),
  next: z.string(),
});
type Output = z.output<typeof output>;

export const kubectlRolloutStatus = defineQuery({
  name: "kubectl_rollout_status",
  title: "Rollout status",
  description:
    "Tells whether a workload's rollout is done, progressing or stuck, and why: failing pods with their last exit, revisions, warnings. Does not wait.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input: z.strictObject({
    resource_type: workloadTypeField,
    name: kubeNameField.describe("Workload."),
    namespace: namespaceField,
  }),
  output,
  untrusted: ["pods[].message", "events[].message"],
  async run({ resource_type, name, namespace }, ports, { signal }) {
    const ref = { kind: kindOf[resource_type], namespace, name };
    const [seen, events] = await Promise.all([
      observe(ref, ports, signal),
      eventsIn(namespace, ports.workloads, signal),
    ]);
    if (seen === undefined) throw await whyMissing(ref, ports.workloads, signal);
    const rollout = rolloutState(seen.workload, { ...seen.facts, events });
    return { ...ref, ...answer(rollout, seen.facts.now) };
  },
  render: (found) => [headline(found), ...evidence(found), found.next].join("\n"),
});

/** Warnings of the namespace; nothing when these credentials may not see them. */
async function eventsIn(
  namespace: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly KubeEvent[]> {
  try {
    const query = { kind: "events", namespace, fieldSelector: "type=Warning" } as const;
    const { items } = await workloads.list({ ...query, limit: EVENTS_READ }, signal);
    return items.map(readEvent);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return [];
  }
}

function answer(rollout: RolloutState, now: Date) {
  const { evidence, ...counts } = rollout;
  const { pods, replicaSets, events } = evidence;
  return {
    ...counts,
    pods: pods.slice(0, MAX_PODS).map((pod) => podOf(pod, now)),
    pods_left_out: Math.max(0, pods.length - MAX_PODS),
    replica_sets: replicaSets.slice(0, MAX_REPLICA_SETS).map(replicaSetOf),
    events: events.slice(0, MAX_EVENTS).map((event) => eventOf(event, now)),
    events_left_out: Math.max(0, events.length - MAX_EVENTS),
    next: nextStep(rollout),
  };
}

function nextStep({ state, evidence }: RolloutState): string {
  if (state === "done") return "There is nothing to wait for.";
  if (state === "progressing") return "Ask again in half a minute.";
  return evidence.pods.length > 0
    ? "Waiting will not help. Read the logs of a failing pod, compare with an earlier revision (helm_history), then fix or roll back."
    : "Waiting will not help: what holds it up has to be removed first.";
}

function podOf({ lastExit, ...pod }: PodState, now: Date): z.input<typeof podRow> {
  const { name, status, ready, restarts, age } = pod;
  const last_exit = lastExit ? exitText(lastExit, now) : "";
  return { name, status, ready, restarts, last_exit, age, message: clip(pod.message, MAX_MESSAGE) };
}

function replicaSetOf({ metadata, spec, status }: ReplicaSet): z.input<typeof replicaSetRow> {
  return {
    name: metadata.name,
    revision: revisionOf(metadata),
    ready: `${status.readyReplicas}/${spec.replicas}`,
    images: imagesText(spec.template),
  };
}

function eventOf(event: KubeEvent, now: Date): z.input<typeof eventRow> {
  const { reason, object, count, lastAt } = event;
  const message = clip(event.message, MAX_MESSAGE);
  return { reason, object, count, last_seen: since(lastAt, now), message };
}

function headline({ kind, name, namespace, state, why, ...counts }: Output): string {
  const { desired, updated, ready, available } = counts;
  const numbers = `${desired} desired, ${updated} updated, ${ready} ready, ${available} available`;
  return `${kindWord(kind)} ${name} in namespace ${namespace}: rollout ${state}. ${why}\n${numbers}.`;
}

function evidence(found: Output): readonly string[] {
  return [
    part("Pods that are not well", podColumns, found.pods.map(podCells), found.pods_left_out),
    part("ReplicaSets", setColumns, found.replica_sets.map(setCells)),
    part("Warnings", eventColumns, found.events.map(eventCells), found.events_left_out),
  ].filter((text) => text !== "");
}

const podColumns = ["name", "status", "ready", "restarts", "last exit", "age", "message"];
const setColumns = ["name", "revision", "ready", "images"];
const eventColumns = ["last seen", "count", "reason", "object", "message"];

function podCells({ message, ...pod }: Output["pods"][number]): readonly string[] {
  const { name, status, ready, restarts, last_exit, age } = pod;
  return [name, status, ready, `${restarts}`, last_exit, age, message && quoted(message)];
}

function setCells({ name, revision, ready, images }: Output["replica_sets"][number]) {
  return [name, `${revision}`, ready, images];
}

function eventCells({ message, ...event }: Output["events"][number]): readonly string[] {
  return [
    event.last_seen,
    `${event.count}`,
    event.reason,
    event.object,
    message && quoted(message),
  ];
}

function part(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  leftOut = 0,
): string {
  if (rows.length === 0) return "";
  const rest = leftOut > 0 ? ` (${leftOut} more; kubectl_get lists them)` : "";
  return `${title}${rest}:\n${table(columns, rows)}`;
}
