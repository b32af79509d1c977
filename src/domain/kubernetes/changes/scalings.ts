import type { KubeEvent } from "#domain/kubernetes/events.ts";
import type { KubeObject, WorkloadKind } from "#domain/kubernetes/object.ts";
import { kindWord } from "#domain/kubernetes/workload.ts";
import { MINUTE, SECOND, type TimeWindow } from "#domain/window.ts";
import { aboutObject, type RecentChange } from "./change.ts";
import { editText } from "./edits.ts";
import { fieldsUnder, isWithin, type Write, writesOf } from "./writes.ts";

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
  { manager, subresource, at }: Write,
  rolledOut: readonly RecentChange[],
  events: readonly KubeEvent[],
): boolean {
  const within = (other: Date, span: number) => Math.abs(other.getTime() - at.getTime()) <= span;
  if (rolledOut.some((each) => each.who === manager && within(each.at, LAG))) return true;
  const byAutoscaler = subresource === "scale" && manager === "kube-controller-manager";
  return (
    byAutoscaler && events.some((each) => each.reason === RESCALED && within(each.lastAt, NEAR))
  );
}

export const RESCALED = "SuccessfulRescale";
export const SCALED = "ScalingReplicaSet";

/** The Deployment's controller tells from how many to how many. */
function scaledText(object: string, write: Write, events: readonly KubeEvent[]): string {
  const told = events
    .filter((event) => event.reason === SCALED && event.object === object)
    .filter(({ lastAt }) => Math.abs(lastAt.getTime() - write.at.getTime()) <= NEAR)
    .map(({ message }) => /from (\d{1,6}) to (\d{1,6})$/.exec(message))
    .find((match) => match !== null);
  return told ? `Scaled from ${told[1]} to ${told[2]}.` : "Scaled.";
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
