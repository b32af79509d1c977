import * as z from "zod";
import type { AccessRule } from "#domain/kubernetes/access.ts";
import type { Eviction, PodRef } from "#domain/kubernetes/eviction.ts";
import { jobManifest, type NewJob } from "#domain/kubernetes/new-job.ts";
import { type KubeObject, kubeObjectSchema } from "#domain/kubernetes/object.ts";
import { type TrafficShift, trafficPatch } from "#domain/kubernetes/traffic-shift.ts";
import type { Change, Workloads } from "#ports/workloads.ts";
import { BUDGET_STATUS, budgetDenial } from "./budget-denial.ts";
import type { Connection } from "./connection.ts";
import { listPath, objectPath } from "./kinds.ts";
import { patch, target, writeQuery } from "./write.ts";

type Method = "cordon" | "evict" | "createJob" | "shiftTraffic";

const rule = (group: string, resource: string, verb: string): AccessRule => ({
  group,
  resource,
  verbs: [verb],
});

/** What each of these methods asks of RBAC. */
export const interventionPermissions = {
  cordon: [rule("", "nodes", "patch")],
  evict: [rule("", "pods/eviction", "create")],
  createJob: [rule("batch", "jobs", "create")],
  shiftTraffic: [
    rule("", "services", "patch"),
    rule("networking.k8s.io", "ingresses", "patch"),
    rule("gateway.networking.k8s.io", "httproutes", "patch"),
  ],
} as const satisfies Record<Method, readonly AccessRule[]>;

/** Changes of nodes, single pods, jobs and traffic, over a cluster's API. */
export function interventions(api: Connection): Pick<Workloads, Method> {
  return {
    cordon: (name, cordoned, change, signal) =>
      patch(api, { kind: "nodes", name }, { spec: { unschedulable: cordoned } }, change, signal),
    evict: (pod, dryRun, signal) => evict(api, pod, dryRun, signal),
    createJob: (job, dryRun, signal) => createJob(api, job, dryRun, signal),
    shiftTraffic: (shift, change, signal) => shiftTraffic(api, shift, change, signal),
  };
}

/** The Eviction API alone heeds disruption budgets. A pod of another uid is a conflict. */
async function evict(
  api: Connection,
  { namespace, name, uid }: PodRef,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Eviction> {
  const ref = { kind: "pods", namespace, name } as const;
  const request = {
    ...target("create", ref),
    resource: "pods/eviction",
    path: `${objectPath(ref)}/eviction`,
    query: writeQuery(dryRun),
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace, name },
      deleteOptions: { preconditions: { uid } },
    },
    answers: [BUDGET_STATUS],
  };
  const blocked = budgetDenial(await api.send(request, z.unknown(), signal));
  return blocked === undefined ? { evicted: true } : { evicted: false, blocked };
}

function createJob(
  api: Connection,
  job: NewJob,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<KubeObject> {
  const { namespace, name } = job;
  const ref = { kind: "jobs", namespace, name } as const;
  const request = {
    ...target("create", ref),
    path: listPath("jobs", namespace),
    query: writeQuery(dryRun),
    body: jobManifest(job),
  };
  return api.send(request, kubeObjectSchema, signal);
}

function shiftTraffic(
  api: Connection,
  shift: TrafficShift,
  change: Change,
  signal: AbortSignal,
): Promise<KubeObject> {
  const { annotations, spec } = trafficPatch(shift);
  const marked = { ...change, annotations: { ...change.annotations, ...annotations } };
  return patch(api, shift, { spec }, marked, signal);
}
