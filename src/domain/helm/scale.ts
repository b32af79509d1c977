import type { ResourceKind } from "#domain/kubernetes/object.ts";
import type { RolloutFacts } from "#domain/kubernetes/rollout.ts";
import { unwell } from "#domain/kubernetes/scale.ts";
import { type Workload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { closest } from "#domain/text/closest.ts";
import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import type { ManifestWorkload } from "./manifest.ts";

/** The workload to scale: the named one, or the only one that can be scaled. */
export function scalableWorkload(
  release: string,
  workloads: readonly ManifestWorkload[],
  asked: string | undefined,
): ManifestWorkload {
  const scalable = workloads.filter(({ kind }) => kind !== "daemonsets");
  const names = scalable.map(({ name }) => name);
  const fitting = scalable.filter(({ name }) => asked === undefined || name === asked);
  const [only, second] = fitting;
  if (only && !second) return only;
  if (scalable.length === 0) {
    const message = `Release ${release} has no Deployment or StatefulSet to scale.`;
    throw new OpsError("not_found", message, "Look at the release with helm_history.");
  }
  if (fitting.length === 0) {
    const near = closest(asked ?? "", names);
    const message = `Release ${release} has no workload ${asked} that can be scaled.`;
    const hint = `Name one of ${(near.length > 0 ? near : names).join(", ")} in \`workload\`.`;
    throw new OpsError("not_found", message, hint);
  }
  throw new OpsError(
    "invalid_input",
    `Release ${release} has ${count(fitting.length, "workload")} that can be scaled.`,
    `Name one in \`workload\`: ${fitting.map(workloadLabel).join(", ")}.`,
  );
}

/** What could surprise the person who says yes. */
export function scaleWarnings(
  workload: Workload,
  facts: RolloutFacts,
  replicas: number,
  unseen: readonly ResourceKind[],
): readonly string[] {
  const label = workloadLabel(workload);
  const grows = replicas > workload.desired;
  return [
    ...(replicas === 0 ? [`This stops ${label}: no pod is left to serve.`] : []),
    ...(workload.paused ? [`${label} is paused; scaling works all the same.`] : []),
    ...(grows ? unwell(workload, facts) : []),
    ...(unseen.length > 0
      ? [`Autoscalers could not all be seen (${unseen.join(", ")}): one may overwrite the count.`]
      : []),
    ...(workload.kind === "statefulsets" && !grows
      ? ["Volumes of the pods that go stay, and so does what they cost."]
      : []),
    "The next upgrade or rollback of the release sets the chart's count again; Helm 4 may ask for --force-conflicts first.",
    ...(grows ? ["Whether the nodes and quotas have room is not checked."] : []),
  ];
}

/** What happens to the pods, and what each asks of a node. */
export function scaleImpact(workload: Workload, replicas: number): string {
  const { desired } = workload;
  const label = workloadLabel(workload);
  if (replicas < desired)
    return `Ends ${count(desired - replicas, "pod")} of ${label}; ${replicas} stay.`;
  return `Adds ${count(replicas - desired, "pod")} to the ${desired} of ${label}.${requestsText(workload)}`;
}

function requestsText({ template }: Workload): string {
  const asked = template.spec.containers.flatMap(({ name, resources }) => {
    const { cpu, memory } = resources.requests;
    const parts = [cpu && `cpu ${cpu}`, memory && `memory ${memory}`].filter(Boolean);
    return parts.length > 0 ? [`${name} ${parts.join(", ")}`] : [];
  });
  return asked.length > 0 ? ` Each asks for ${asked.join("; ")}.` : "";
}
