import type { KubeEvent } from "#domain/kubernetes/events.ts";
import type { KubeObject, WorkloadKind } from "#domain/kubernetes/object.ts";
import { kindWord } from "#domain/kubernetes/workload.ts";
import { MINUTE, SECOND, type TimeWindow } from "#domain/window.ts";
import { aboutObject, type RecentChange } from "./change.ts";
import { editText } from "./edits.ts";
import type { Keeper } from "./rollouts.ts";
import { fieldsUnder, isController, isWithin, scalerOf, type Write, writesOf } from "./writes.ts";

/** An event follows what it tells by no more than this, and a rollout its cause. */
const NEAR = 10 * SECOND;
const LAG = MINUTE;

/** Changes of a workload's spec within the window that rolled nothing out: its replicas, a pause and so on. */
export function specEdits(
  kind: WorkloadKind,
  object: KubeObject,
  rolledOut: readonly RecentChange[],
  events: readonly KubeEvent[],
  window: TimeWindow,
): readonly RecentChange[] {
  const about = aboutObject(kind, kindWord(kind), object);
  return writesOf(object)
    .filter(({ subresource, at }) => subresource !== "status" && isWithin(window, at))
    .filter((write) => fieldsUnder(write, "spec").length > 0 && !isTold(write, rolledOut, events))
    .map((write) => ({
      ...about,
      who: write.manager,
      at: write.at,
      details: [],
      ...specEdit(about.object, write, events),
    }));
}

function specEdit(
  object: string,
  write: Write,
  events: readonly KubeEvent[],
): Pick<RecentChange, "kind" | "summary"> {
  const names = fieldsUnder(write, "spec");
  return names.every((name) => name === "replicas")
    ? { kind: "scale", summary: scaledText(object, write, events) }
    : { kind: "settings", summary: editText(names, "field", write.applied) };
}

/** Whether a rollout or an autoscaler's own word tells it already. */
function isTold(
  write: Write,
  rolledOut: readonly RecentChange[],
  events: readonly KubeEvent[],
): boolean {
  const { manager, subresource, at } = write;
  const within = (other: Date, span: number) => Math.abs(other.getTime() - at.getTime()) <= span;
  const templated = fieldsUnder(write, "spec").includes("template");
  if (templated && rolledOut.some((each) => each.who === manager && within(each.at, LAG))) {
    return true;
  }
  const byAutoscaler = subresource === "scale" && isController(write);
  return (
    byAutoscaler && events.some((each) => each.reason === RESCALED && within(each.lastAt, NEAR))
  );
}

export const RESCALED = "SuccessfulRescale";
export const SCALED = "ScalingReplicaSet";

/** The Deployment's controller tells from how many to how many. */
function scaledText(object: string, write: Write, events: readonly KubeEvent[]): string {
  const steps = events
    .filter((event) => event.object === object && isNear(event.lastAt, write.at))
    .flatMap((event) => stepOf(event) ?? []);
  const [first] = steps;
  if (first === undefined) return "Scaled.";
  const sizes = steps
    .filter(({ replicaSet }) => replicaSet === first.replicaSet)
    .flatMap(({ from, to }) => [from, to]);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return first.to > first.from ? stepText(least, most) : stepText(most, least);
}

interface Step {
  readonly replicaSet: string;
  readonly from: number;
  readonly to: number;
}

/** Many such events of one Deployment are combined into one, which ends with the newest. */
function stepOf({ reason, message }: KubeEvent): Step | undefined {
  const [, replicaSet, from, to] =
    /Scaled (?:up|down) replica set (\S{1,253}) from (\d{1,6}) to (\d{1,6})$/.exec(message) ?? [];
  if (reason !== SCALED || replicaSet === undefined) return undefined;
  return { replicaSet, from: Number(from), to: Number(to) };
}

function stepText(from: number, to: number): string {
  return `Scaled from ${from} to ${to}.`;
}

function isNear(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) <= NEAR;
}

/**
 * Scalings of a Deployment through the subresource, as its controller told them: `kubectl scale` leaves no time.
 * Steps of a rollout and what autoscalers told themselves are left out.
 */
export function toldScalings(
  object: KubeObject,
  keepers: readonly Keeper[],
  others: readonly RecentChange[],
  events: readonly KubeEvent[],
  window: TimeWindow,
): readonly RecentChange[] {
  const about = aboutObject("deployments", kindWord("deployments"), object);
  const own = events.filter((event) => event.object === about.object);
  const here = own.filter(({ namespace }) => namespace === object.metadata.namespace);
  const known = [
    ...others.filter(({ kind }) => kind === "scale").map(({ at }) => at),
    ...events.filter(({ reason }) => reason === RESCALED).map(({ lastAt }) => lastAt),
  ];
  return here
    .filter(({ lastAt }) => isWithin(window, lastAt) && !known.some((at) => isNear(at, lastAt)))
    .filter((event) => isScaling(event, keepers, here, others))
    .flatMap((event) => {
      const step = stepOf(event);
      const base = { ...about, kind: "scale" as const, at: event.lastAt, details: [] };
      return step
        ? [{ ...base, who: scalerOf(object), summary: stepText(step.from, step.to) }]
        : [];
    });
}

/** A rollout may take so long; within it, a step to fewer or more than wanted belongs to it. */
const PROGRESS = 10 * MINUTE;

function isScaling(
  event: KubeEvent,
  keepers: readonly Keeper[],
  events: readonly KubeEvent[],
  others: readonly RecentChange[],
): boolean {
  const step = stepOf(event);
  const newest = keepers.toSorted((a, b) => b.revision - a.revision)[0];
  if (!step || step.replicaSet !== newest?.name) return false;
  const still = events.some((each) => {
    return each.lastAt >= event.lastAt && stepOf(each)?.replicaSet !== step.replicaSet;
  });
  const begun = [newest.createdAt, ...others.filter(isRollout).map(({ at }) => at)];
  const since = event.lastAt.getTime() - Math.max(...begun.map((at) => at.getTime()));
  return !still && step.from > 0 && (since > PROGRESS || step.to === newest.desired);
}

function isRollout({ kind }: RecentChange): boolean {
  return kind === "rollout";
}

/** What autoscalers did, in their own events. */
export function rescalings(
  events: readonly KubeEvent[],
  window: TimeWindow,
): readonly RecentChange[] {
  return events
    .filter(({ reason, lastAt }) => reason === RESCALED && isWithin(window, lastAt))
    .map(({ name, namespace, object, lastAt, message }) => {
      const size = /New size: (\d{1,6})/.exec(message)?.[1];
      return {
        kind: "scale",
        at: lastAt,
        ref: { kind: "horizontalpodautoscalers", namespace, name },
        object,
        who: "horizontal-pod-autoscaler",
        summary: size === undefined ? "Scaled." : `Scaled to ${size}.`,
        details: [message],
        labels: {},
      };
    });
}
