import * as z from "zod";
import type { AccessRule, Right } from "#domain/kubernetes/access.ts";
import {
  type KubeObject,
  kubeObjectSchema,
  type ObjectRef,
  type ResourceKind,
  readableKinds,
} from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { Change, ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";
import type { Connection, Request } from "./connection.ts";
import { kindPlaces, listPath, objectPath, optionalKinds, resourceOf } from "./kinds.ts";
import { withoutSecrets } from "./redact.ts";

const rule = (verb: string, resource: ResourceKind): AccessRule => ({
  group: kindPlaces[resource].group,
  resource: resourceOf(resource),
  verbs: [verb],
});

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
  // Everyone may ask about their own rights.
  may: [],
} as const satisfies Record<keyof Workloads, readonly AccessRule[]>;

const listSchema = z.object({
  metadata: z
    .object({ continue: z.string().default(""), remainingItemCount: z.int().optional() })
    .prefault({}),
  items: z.array(kubeObjectSchema).nullish(),
});

/** The name under which the API server remembers who set a field. */
const FIELD_MANAGER = "firewatch";

/** The objects of one cluster, over its API. */
export function kubernetesWorkloads(api: Connection): Workloads {
  return {
    get: (ref, signal) => getObject(api, ref, signal),
    list: (query, signal) => listObjects(api, query, signal),
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

async function listObjects(
  api: Connection,
  query: ObjectQuery,
  signal: AbortSignal,
): Promise<ObjectList> {
  try {
    const path = listPath(query.kind, query.namespace);
    const request = {
      ...target("list", query),
      path,
      query: listQuery(query),
      ...(query.metadataOnly ? { accept: METADATA_ONLY } : {}),
    };
    const { metadata, items } = await api.send(request, listSchema, signal);
    const uncounted = metadata.continue === "" ? 0 : -1;
    return {
      items: (items ?? []).map((item) => withoutSecrets(query.kind, item)),
      remaining: metadata.remainingItemCount ?? uncounted,
      ...(metadata.continue === "" ? {} : { continue: metadata.continue }),
    };
  } catch (error) {
    const missing = error instanceof OpsError && error.code === "not_found";
    if (missing && optionalKinds.has(query.kind)) return { items: [], remaining: 0 };
    throw error;
  }
}

const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

function listQuery({
  limit,
  labelSelector = "",
  fieldSelector = "",
  continue: token = "",
}: ObjectQuery) {
  return {
    limit: String(limit),
    ...(token === "" ? {} : { continue: token }),
    ...(labelSelector === "" ? {} : { labelSelector }),
    ...(fieldSelector === "" ? {} : { fieldSelector }),
  };
}

async function patch(
  api: Connection,
  ref: ObjectRef,
  body: Readonly<Record<string, unknown>>,
  { expects, dryRun, annotations }: Change,
  signal: AbortSignal,
): Promise<KubeObject> {
  const request = {
    ...target("patch", ref),
    path: objectPath(ref),
    query: { fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: "All" } : {}) },
    body: { metadata: { ...expects, ...(annotations ? { annotations } : {}) }, ...body },
  };
  return withoutSecrets(ref.kind, await api.send(request, kubeObjectSchema, signal));
}

type Target = Omit<Request, "path">;

function target(verb: string, { kind, namespace, name }: Partial<ObjectRef> & Kind): Target {
  return { verb, group: kindPlaces[kind].group, resource: resourceOf(kind), namespace, name };
}

interface Kind {
  readonly kind: ResourceKind;
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
