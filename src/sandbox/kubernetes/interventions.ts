import * as z from "zod";
import type { Eviction, PodRef } from "#domain/kubernetes/eviction.ts";
import type { NewJob } from "#domain/kubernetes/new-job.ts";
import type { KubeObject, ObjectRef, ResourceKind } from "#domain/kubernetes/object.ts";
import { selectorSchema, selects } from "#domain/kubernetes/selector.ts";
import { trafficPatch } from "#domain/kubernetes/traffic-shift.ts";
import { OpsError } from "#errors.ts";
import type { Change, Workloads } from "#ports/workloads.ts";
import { nodeNames } from "#sandbox/cluster/pods.ts";
import type { ClusterEffect } from "#sandbox/effect.ts";

type Method = "cordon" | "evict" | "createJob" | "shiftTraffic";

interface View {
  objects(kind: ResourceKind): readonly KubeObject[];
  objectsAfter(effect: ClusterEffect, kind: ResourceKind): readonly KubeObject[];
  apply(effect: ClusterEffect): Promise<void>;
}

/** Checks the precondition, then does it, or shows what it would do. */
type DoChange = (ref: ObjectRef, how: Change, effect: ClusterEffect) => Promise<KubeObject>;

/** Changes of nodes, single pods, jobs and traffic. */
export function simulatedInterventions(view: View, change: DoChange): Pick<Workloads, Method> {
  return {
    async cordon(node, cordoned, how, signal) {
      signal.throwIfAborted();
      if (cordoned) keepOneOpen(view, node);
      const annotations = { ...how.annotations };
      const effect = { type: "cordon", node, cordoned, annotations } as const;
      return change({ kind: "nodes", name: node }, how, effect);
    },
    async evict(pod, dryRun, signal) {
      signal.throwIfAborted();
      return evict(view, pod, dryRun);
    },
    async createJob(job, dryRun, signal) {
      signal.throwIfAborted();
      return createJob(view, job, dryRun);
    },
    async shiftTraffic(shift, how, signal) {
      signal.throwIfAborted();
      const { annotations, spec } = trafficPatch(shift);
      const { kind, namespace, name } = shift;
      return change({ kind, namespace, name }, how, {
        ...({ type: "shift_traffic", kind, namespace, name, spec } as const),
        annotations: { ...how.annotations, ...annotations },
      });
    },
  };
}

const cordonedSchema = z.object({ spec: z.object({ unschedulable: z.boolean().default(false) }) });

/** Pods that find no node are not simulated. */
function keepOneOpen(view: View, node: string): void {
  const open = view.objects("nodes").filter((one) => !cordonedSchema.parse(one).spec.unschedulable);
  const names = open.map(({ metadata }) => metadata.name);
  if (names.some((name) => name !== node && nodeNames.some((known) => known === name))) return;
  throw new OpsError(
    "refused",
    `${node} is the last node that takes new pods, and the sandbox simulates no cluster without one.`,
    "Uncordon another node first.",
  );
}

async function evict(view: View, ref: PodRef, dryRun: boolean): Promise<Eviction> {
  const { namespace, name, uid } = ref;
  const pod = view
    .objects("pods")
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  if (!pod) throw missing(ref);
  if (pod.metadata.uid !== uid) throw another(ref);
  const blocked = blocking(view, pod);
  if (blocked !== undefined) return { evicted: false, blocked };
  if (!dryRun) await view.apply({ type: "evict", namespace, name });
  return { evicted: true };
}

const budgetSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ selector: selectorSchema }),
  status: z.object({
    disruptionsAllowed: z.int(),
    currentHealthy: z.int(),
    desiredHealthy: z.int(),
  }),
});

/** The words of a budget that allows no disruption. */
function blocking(view: View, { metadata }: KubeObject): string | undefined {
  const budgets = view
    .objects("poddisruptionbudgets")
    .filter((budget) => budget.metadata.namespace === metadata.namespace)
    .map((budget) => budgetSchema.parse(budget));
  const full = budgets.find(
    ({ spec, status }) => selects(spec.selector, metadata.labels) && status.disruptionsAllowed < 1,
  );
  if (!full) return undefined;
  const { desiredHealthy, currentHealthy } = full.status;
  return `The disruption budget ${full.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}

async function createJob(view: View, job: NewJob, dryRun: boolean): Promise<KubeObject> {
  const { namespace, name, labels, annotations, owner, spec } = job;
  if (findJob(view.objects("jobs"), job)) throw taken(job);
  const effect: ClusterEffect = {
    ...{ type: "create_job", namespace, name, spec },
    ...{ labels: { ...labels }, annotations: { ...annotations } },
    ...(owner ? { owner } : {}),
  };
  if (!dryRun) await view.apply(effect);
  const jobs = dryRun ? view.objectsAfter(effect, "jobs") : view.objects("jobs");
  const made = findJob(jobs, job);
  if (!made) throw new Error(`job ${name} was not made`);
  return made;
}

function findJob(jobs: readonly KubeObject[], { namespace, name }: NewJob): KubeObject | undefined {
  return jobs.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
}

function missing({ namespace, name }: PodRef): OpsError {
  return new OpsError("not_found", `No pod ${namespace}/${name}.`, "List the pods there are.");
}

function another({ namespace, name }: PodRef): OpsError {
  const message = `Pod ${namespace}/${name} is another one than was read.`;
  return new OpsError("conflict", message, "Nothing was changed. Read it again and decide anew.");
}

function taken({ namespace, name }: NewJob): OpsError {
  const message = `There is a job ${namespace}/${name} already.`;
  return new OpsError(
    "conflict",
    message,
    "Nothing was changed. Look at it before running another.",
  );
}
