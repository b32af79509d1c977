import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import { type Budget, budgetName, budgetText } from "./budget.ts";
import type { KubeObject } from "./object.ts";
import { hasCondition, type Pod, readPod } from "./pod.ts";
import { controllerOf } from "./workload.ts";

/** What makes a pod anew when it is gone. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export function podLabel({ metadata }: Pick<KubeObject, "metadata">): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** The pod's controller. Throws when an eviction would do harm or nothing. */
export function evictableBy(object: KubeObject): Controller {
  const { metadata } = object;
  const label = podLabel(object);
  if (metadata.deletionTimestamp !== undefined) {
    const message = `Pod ${label} is being deleted already, since ${metadata.deletionTimestamp}.`;
    throw new OpsError("no_change", message, "If it stays, look for finalizers and at its node.");
  }
  if (isMirror(object)) {
    const message = `Pod ${label} is a static pod: the kubelet of its node makes it, and the API cannot evict it.`;
    throw new OpsError("refused", message, "A person changes its manifest on the node.");
  }
  const controller = controllerOf(metadata);
  if (!controller) {
    const message = `Pod ${label} has no controller: nothing would make it anew.`;
    throw new OpsError("refused", message, "A person decides, and deletes it by hand.");
  }
  return { kind: controller.kind, name: controller.name, uid: controller.uid };
}

/** A static pod as the API mirrors it. */
export function isMirror({ metadata }: Pick<KubeObject, "metadata">): boolean {
  return metadata.annotations["kubernetes.io/config.mirror"] !== undefined;
}

/** Throws for a pod under several budgets, which the API refuses to judge. */
export function refuseSeveralBudgets(object: KubeObject, budgets: readonly Budget[]): void {
  if (budgets.length < 2) return;
  const names = budgets.map(budgetName).join(" and ");
  throw new OpsError(
    "refused",
    `Pod ${podLabel(object)} is under several budgets (${names}): the API evicts no such pod.`,
    "Have the selectors of the budgets set apart.",
  );
}

/** Throws when a budget does not let the pod go now. `blocked` is the API's own word on it. */
export function refuseBlocked(
  object: KubeObject,
  blocked: string | undefined,
  [budget]: readonly Budget[],
): void {
  if (blocked === undefined) return;
  throw new OpsError(
    "refused",
    `Pod ${podLabel(object)} may not be evicted now: ${budget ? budgetText(budget) : `${blocked}.`} Nothing was changed.`,
    "Heal or add pods that the budget counts (kubectl_get pods, kubectl_scale), then try again.",
  );
}

/** What goes and what comes, in one line. */
export function evictImpact(controller: Controller, siblings: readonly Pod[]): string {
  const ready = siblings.filter((pod) => hasCondition(pod, "Ready")).length;
  return `${controller.kind} ${controller.name} makes a new pod; ${ready} of its ${count(siblings.length, "pod")} are ready until then, this one included.`;
}

/** What could surprise the person who says yes. */
export function evictWarnings(
  object: KubeObject,
  controller: Controller,
  siblings: readonly Pod[],
  budgets: readonly Budget[],
): readonly string[] {
  const pod = readPod(object);
  const only = siblings.length === 1 && hasCondition(pod, "Ready");
  return [
    ...(only
      ? ["It is the only pod of its controller: nothing serves until the new one is ready."]
      : []),
    ...(controller.kind === "DaemonSet"
      ? [`Its DaemonSet makes it anew on the same node, ${pod.spec.nodeName}.`]
      : []),
    ...(controller.kind === "Job" ? ["Its Job begins the work of this pod anew."] : []),
    ...budgets.map(budgetText),
    "The new pod has the same template: an eviction moves a pod and removes no cause.",
  ];
}
