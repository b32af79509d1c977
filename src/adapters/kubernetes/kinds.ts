import { type ObjectRef, type ResourceKind, readableKinds } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";

/** Where the API serves a kind. */
export interface KindPlace {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  /** Its name in the API, where ours differs. */
  readonly resource?: string;
}

const place = (group: string, version = "v1", namespaced = true): KindPlace => ({
  group,
  version,
  namespaced,
});

const core = place("");

export const kindPlaces: Readonly<Record<ResourceKind, KindPlace>> = {
  pods: core,
  services: core,
  configmaps: core,
  secrets: core,
  persistentvolumeclaims: core,
  events: core,
  serviceaccounts: core,
  resourcequotas: core,
  limitranges: core,
  nodes: place("", "v1", false),
  namespaces: place("", "v1", false),
  persistentvolumes: place("", "v1", false),
  deployments: place("apps"),
  replicasets: place("apps"),
  statefulsets: place("apps"),
  daemonsets: place("apps"),
  controllerrevisions: place("apps"),
  jobs: place("batch"),
  cronjobs: place("batch"),
  endpointslices: place("discovery.k8s.io"),
  ingresses: place("networking.k8s.io"),
  ingressclasses: place("networking.k8s.io", "v1", false),
  networkpolicies: place("networking.k8s.io"),
  horizontalpodautoscalers: place("autoscaling", "v2"),
  poddisruptionbudgets: place("policy"),
  storageclasses: place("storage.k8s.io", "v1", false),
  volumeattachments: place("storage.k8s.io", "v1", false),
  validatingwebhookconfigurations: place("admissionregistration.k8s.io", "v1", false),
  mutatingwebhookconfigurations: place("admissionregistration.k8s.io", "v1", false),
  apiservices: place("apiregistration.k8s.io", "v1", false),
  scaledobjects: place("keda.sh", "v1alpha1"),
  httproutes: place("gateway.networking.k8s.io"),
  podmetrics: { ...place("metrics.k8s.io", "v1beta1"), resource: "pods" },
  nodemetrics: { ...place("metrics.k8s.io", "v1beta1", false), resource: "nodes" },
};

/** The kind's name in the API. */
export function resourceOf(kind: ResourceKind): string {
  return kindPlaces[kind].resource ?? kind;
}

/** Kinds of add-ons: a cluster without them simply has none. */
export const optionalKinds: ReadonlySet<ResourceKind> = new Set([
  "scaledobjects",
  "httproutes",
  "podmetrics",
  "nodemetrics",
]);

/** Kinds whose objects live in a namespace. */
export const namespacedKinds = readableKinds.filter((kind) => kindPlaces[kind].namespaced);

/** The path of a kind, in one namespace or in all. Throws `invalid_input` for what is no name. */
export function listPath(kind: ResourceKind, namespace?: string): string {
  const { group, version, namespaced } = kindPlaces[kind];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  if (!namespaced || namespace === undefined) return `${root}/${resourceOf(kind)}`;
  return `${root}/namespaces/${checked(namespace)}/${resourceOf(kind)}`;
}

/** The path of one object. Throws `invalid_input` for what is no name. */
export function objectPath({ kind, namespace, name }: ObjectRef): string {
  if (kindPlaces[kind].namespaced && namespace === undefined) {
    throw new OpsError("invalid_input", `${kind} live in a namespace.`, "Name the namespace too.");
  }
  return `${listPath(kind, namespace)}/${checked(name)}`;
}

/** RFC 1123: such a name can be put into a path as it is, and never means another path. */
function checked(name: string): string {
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return name;
  throw new OpsError(
    "invalid_input",
    `${JSON.stringify(name.slice(0, 80))} is not a Kubernetes name.`,
    "Names are lower-case letters, digits, '-' and '.'; list the objects to see theirs.",
  );
}
