import * as z from "zod";
import type { AccessRule, Right } from "#domain/kubernetes/access.ts";
import {
  type KubeObject,
  kubeObjectSchema,
  type ObjectRef,
  type ResourceKind,
  readableKinds,
} from "#domain/kubernetes/object.ts";
import { placeOf } from "#domain/kubernetes/places.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { apiHealth } from "./api-health.ts";
import { changePermissions, workloadChanges } from "./changes.ts";
import type { Connection } from "./connection.ts";
import { discovery } from "./discovery.ts";
import { interventionPermissions, interventions } from "./interventions.ts";
import { objectPath } from "./kinds.ts";
import { listObjects, listPlaced } from "./list.ts";
import { podLogs, podLogsPermission } from "./pod-logs.ts";
import { withoutSecrets } from "./redact.ts";
import { patch, target } from "./write.ts";

function rule(verb: string, kind: ResourceKind): AccessRule {
  const { group, resource } = placeOf(kind);
  return { group, resource, verbs: [verb] };
}

/** What each method asks of RBAC. */
export const workloadsPermissions = {
  get: readableKinds.map((kind) => rule("get", kind)),
  list: readableKinds.map((kind) => rule("list", kind)),
  restart: [
    rule("patch", "deployments"),
    rule("patch", "statefulsets"),
    rule("patch", "daemonsets"),
  ],
  scale: [rule("patch", "deployments"), rule("patch", "statefulsets")],
  patchConfigMap: [rule("patch", "configmaps")],
  logs: [podLogsPermission],
  ...changePermissions,
  ...interventionPermissions,
  // Everyone may ask about their own rights, and which kinds there are.
  may: [],
  health: [],
  kinds: [],
  // Of other kinds, what a team grants beside these roles.
  listServed: [],
} as const satisfies Record<keyof Workloads, readonly AccessRule[]>;

/** The objects of one cluster, over its API. */
export function kubernetesWorkloads(api: Connection): Workloads {
  return {
    get: (ref, signal) => getObject(api, ref, signal),
    list: (query, signal) => listObjects(api, query, signal),
    kinds: discovery(api),
    listServed: (query, signal) => listPlaced(api, query.kind, query, signal),
    restart(ref, at, change, signal) {
      const restartedAt = at.toISOString().replace(/\.\d+Z$/, "Z");
      const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
      const body = { spec: { template: { metadata: { annotations } } } };
      return patch(api, ref, body, change, signal);
    },
    async scale(ref, replicas, change, signal) {
      if (ref.kind === "daemonsets") throw notScalable(ref);
      return patch(api, ref, { spec: { replicas } }, change, signal);
    },
    patchConfigMap: (ref, data, change, signal) =>
      patch(api, { ...ref, kind: "configmaps" }, { data }, change, signal),
    logs: (ref, query, signal) => podLogs(api, ref, query, signal),
    ...workloadChanges(api),
    ...interventions(api),
    health: (signal) => apiHealth(api, signal),
    may: (right, signal) => may(api, right, signal),
  };
}

async function getObject(
  api: Connection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    const request = { ...target("get", ref), path: objectPath(ref) };
    return withoutSecrets(ref.kind, await api.send(request, kubeObjectSchema, signal));
  } catch (error) {
    if (error instanceof OpsError && error.code === "not_found") return;
    throw error;
  }
}

function notScalable({ name }: ObjectRef): OpsError {
  return new OpsError(
    "invalid_input",
    `DaemonSet ${name} has no replicas: it runs one pod on each node.`,
    "Scale a deployment or a statefulset.",
  );
}

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

async function may(api: Connection, right: Right, signal: AbortSignal): Promise<boolean> {
  const { group, version } = { group: "authorization.k8s.io", version: "v1" };
  const request = {
    verb: "create",
    group,
    resource: "selfsubjectaccessreviews",
    path: `/apis/${group}/${version}/selfsubjectaccessreviews`,
    body: {
      apiVersion: `${group}/${version}`,
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: right },
    },
  };
  return (await api.send(request, reviewSchema, signal)).status.allowed;
}
