import { type ResourceKind, readableKinds } from "./object.ts";

/** Where the API serves a kind, and what it calls it. */
export interface KindPlace {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  /** Plural name in paths and rights. */
  readonly resource: string;
  /** As objects say it: `Deployment`. */
  readonly kind: string;
}

/** A kind that the API serves, as the API describes it. */
export interface ServedKind extends KindPlace {
  readonly singular: string;
  readonly short: readonly string[];
}

type Placed = Omit<KindPlace, "resource"> & { readonly resource?: string };

const place = (kind: string, group = "", version = "v1", namespaced = true): Placed => ({
  kind,
  group,
  version,
  namespaced,
});
const clusterWide = (kind: string, group = "", version = "v1") =>
  place(kind, group, version, false);

const places: Readonly<Record<ResourceKind, Placed>> = {
  pods: place("Pod"),
  services: place("Service"),
  configmaps: place("ConfigMap"),
  secrets: place("Secret"),
  persistentvolumeclaims: place("PersistentVolumeClaim"),
  events: place("Event"),
  serviceaccounts: place("ServiceAccount"),
  resourcequotas: place("ResourceQuota"),
  limitranges: place("LimitRange"),
  nodes: clusterWide("Node"),
  namespaces: clusterWide("Namespace"),
  persistentvolumes: clusterWide("PersistentVolume"),
  deployments: place("Deployment", "apps"),
  replicasets: place("ReplicaSet", "apps"),
  statefulsets: place("StatefulSet", "apps"),
  daemonsets: place("DaemonSet", "apps"),
  controllerrevisions: place("ControllerRevision", "apps"),
  jobs: place("Job", "batch"),
  cronjobs: place("CronJob", "batch"),
  endpointslices: place("EndpointSlice", "discovery.k8s.io"),
  ingresses: place("Ingress", "networking.k8s.io"),
  ingressclasses: clusterWide("IngressClass", "networking.k8s.io"),
  networkpolicies: place("NetworkPolicy", "networking.k8s.io"),
  horizontalpodautoscalers: place("HorizontalPodAutoscaler", "autoscaling", "v2"),
  poddisruptionbudgets: place("PodDisruptionBudget", "policy"),
  storageclasses: clusterWide("StorageClass", "storage.k8s.io"),
  volumeattachments: clusterWide("VolumeAttachment", "storage.k8s.io"),
  validatingwebhookconfigurations: clusterWide(
    "ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io",
  ),
  mutatingwebhookconfigurations: clusterWide(
    "MutatingWebhookConfiguration",
    "admissionregistration.k8s.io",
  ),
  apiservices: clusterWide("APIService", "apiregistration.k8s.io"),
  scaledobjects: place("ScaledObject", "keda.sh", "v1alpha1"),
  httproutes: place("HTTPRoute", "gateway.networking.k8s.io"),
  podmetrics: { ...place("PodMetrics", "metrics.k8s.io", "v1beta1"), resource: "pods" },
  nodemetrics: { ...clusterWide("NodeMetrics", "metrics.k8s.io", "v1beta1"), resource: "nodes" },
};

export function placeOf(kind: ResourceKind): KindPlace {
  return { resource: kind, ...places[kind] };
}

const byKind: ReadonlyMap<string, ResourceKind> = new Map(
  readableKinds.map((kind) => [`${places[kind].group}/${places[kind].kind}`, kind] as const),
);

/** The readable kind of an object that says so of itself or of its owner. */
export function kindOfObject(apiVersion: string, kind: string): ResourceKind | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return byKind.get(`${group}/${kind}`);
}
