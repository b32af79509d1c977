import type { Evidence } from "#domain/diagnosis/finding.ts";
import { eventsOf } from "#domain/diagnosis/read-once.ts";
import type { Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeEvent, mergeEvents } from "#domain/kubernetes/events.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import type { Condition, Pod } from "#domain/kubernetes/pod.ts";
import { podState } from "#domain/kubernetes/pods.ts";

/** Objects of the kind that belong to the scope, the one that was asked for among them. */
export function scoped(scope: Scope, kind: ResourceKind): readonly KubeObject[] {
  const found = scope.of(kind);
  if (scope.subject.kind !== kind) return found;
  const known = found.some(({ metadata }) => metadata.name === scope.object.metadata.name);
  return known ? found : [scope.object, ...found];
}

/** `Service data/web`; cluster-scoped objects have a name alone. */
export function label(word: string, { metadata }: Pick<KubeObject, "metadata">): string {
  const { namespace = "", name } = metadata;
  return namespace === "" ? `${word} ${name}` : `${word} ${namespace}/${name}`;
}

/** Whether the kind was read whole, so that what is not there can be told to be missing. */
export function readWhole(snapshot: Snapshot, ...kinds: readonly ResourceKind[]): boolean {
  return kinds.every((kind) => !snapshot.unread.includes(kind));
}

/** Events about any of the objects, named as `ReplicaSet/web-1`, merged. */
export function eventsAbout(
  snapshot: Snapshot,
  objects: ReadonlySet<string>,
): readonly KubeEvent[] {
  const events = eventsOf(snapshot);
  return mergeEvents(events.filter(({ object }) => objects.has(object)));
}

export function eventEvidence(event: KubeEvent): Evidence {
  const [kind = "", name = ""] = event.object.split("/");
  return {
    object: `${kind} ${event.namespace}/${name}`,
    field: `event ${event.reason}`,
    value: event.message,
    at: event.lastAt,
  };
}

export function conditionEvidence(object: string, condition: Condition): Evidence {
  const { type, status, reason, message } = condition;
  const value = [`${status}${reason === "" ? "" : ` ${reason}`}`, message].filter(Boolean);
  return {
    object,
    field: `status.conditions[${type}]`,
    value: value.join(": "),
    ...atOf(condition.lastTransitionTime),
  };
}

/** As the field `at` or not at all. */
export function atOf(text: string | null | undefined): { readonly at?: Date } {
  return text ? { at: new Date(text) } : {};
}

/** As the field `since` or not at all. */
export function sinceOf(text: string | null | undefined): { readonly since?: Date } {
  return text ? { since: new Date(text) } : {};
}

/** Pods that are neither well nor on their way out. */
export function sickPods(pods: readonly Pod[], now: Date): readonly Pod[] {
  return pods.filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && podState(pod, now).health !== "well",
  );
}
