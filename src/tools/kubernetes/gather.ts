import type { Scope } from "#domain/diagnosis/scope.ts";
import { releaseScope, scopeOf } from "#domain/diagnosis/scope-of.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject, ObjectRef, ResourceKind } from "#domain/kubernetes/object.ts";
import { selectorText } from "#domain/kubernetes/selector.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import type { Ports } from "#ports/index.ts";
import { lastLines } from "./last-lines.ts";
import { namedByScope } from "./named-by-scope.ts";
import { type Collection, collection, type Reading } from "./reading.ts";

/** Of these all of the subject's namespace is read. */
const inNamespace = [
  "pods",
  "replicasets",
  "deployments",
  "statefulsets",
  "daemonsets",
  "jobs",
  "cronjobs",
  "services",
  "endpointslices",
  "ingresses",
  "horizontalpodautoscalers",
  "scaledobjects",
  "poddisruptionbudgets",
  "networkpolicies",
  "persistentvolumeclaims",
  "resourcequotas",
  "limitranges",
  "serviceaccounts",
] as const satisfies readonly ResourceKind[];

const ofCluster = [
  "nodes",
  "namespaces",
  "persistentvolumes",
  "storageclasses",
  "volumeattachments",
  "ingressclasses",
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "apiservices",
] as const satisfies readonly ResourceKind[];

/** Where DNS runs, by the label that kubeadm, EKS, GKE and AKS all give it. */
const DNS = { namespace: "kube-system", labelSelector: "k8s-app=kube-dns" } as const;

/** Ingress controllers, by the name that their charts give them. */
const INGRESS = {
  labelSelector:
    "app.kubernetes.io/name in (ingress-nginx,nginx-ingress,traefik,haproxy-ingress,kubernetes-ingress,contour,kong,aws-load-balancer-controller)",
} as const;

/** A Helm release, which is no object of the API. */
export interface ReleaseSubject {
  readonly kind: "release";
  readonly namespace: string;
  readonly name: string;
}

export type NamespacedRef = ObjectRef & { readonly namespace: string };
export type Subject = NamespacedRef | ReleaseSubject;

export interface Gathered {
  readonly scope: Scope;
  readonly snapshot: Snapshot;
  /** Containers in trouble whose log could not be read, as `app of web-1`. */
  readonly unreadLogs: readonly string[];
}

/** The subject with what surrounds it, in about thirty reads; nothing when there is no such subject. */
export async function gather(
  subject: Subject,
  ports: Pick<Ports, "workloads" | "clock">,
  signal: AbortSignal,
): Promise<Gathered | undefined> {
  const { workloads, clock } = ports;
  const object = subject.kind === "release" ? undefined : await workloads.get(subject, signal);
  if (subject.kind !== "release" && object === undefined) return undefined;
  const read = collection(workloads, signal);
  const [apart] = await Promise.all([
    elsewhere(read),
    around(subject, read),
    family(subject, object, read),
  ]);
  const first = snapshotOf(read, clock.now(), apart);
  const scope = scopeIn(subject, object, first);
  if (scope === undefined) return undefined;
  await namedByScope(scope, read);
  const { lines, unread } = await lastLines(scope, workloads, clock.now(), signal);
  const snapshot = { ...snapshotOf(read, clock.now(), apart), lines };
  const whole = scopeIn(subject, object, snapshot) ?? scope;
  return { scope: whole, snapshot, unreadLogs: unread };
}

function scopeIn(
  subject: Subject,
  object: KubeObject | undefined,
  snapshot: Snapshot,
): Scope | undefined {
  if (subject.kind === "release") return releaseScope(subject, snapshot);
  return object && scopeOf(subject, object, snapshot);
}

async function around({ namespace }: Subject, read: Collection): Promise<void> {
  await Promise.all([
    ...inNamespace.map((kind) => read.list({ kind, namespace })),
    ...ofCluster.map((kind) => read.list({ kind })),
    events(namespace, read),
    read.list({ ...nodeEvents }),
  ]);
}

/** What happened to nodes is told in the namespace that objects without one have. */
const nodeEvents = {
  kind: "events",
  namespace: "default",
  fieldSelector: "involvedObject.kind=Node",
} as const;

/** Where there are too many, warnings come before the rest. */
async function events(namespace: string, read: Collection): Promise<void> {
  const whole = await read.list({ kind: "events", namespace });
  if (!whole) await read.list({ kind: "events", namespace, fieldSelector: "type=Warning" });
}

/** A workload's own pods, which may be beyond the first of a large namespace. */
async function family(
  subject: Subject,
  object: KubeObject | undefined,
  read: Collection,
): Promise<void> {
  const { kind, namespace } = subject;
  if (object === undefined || !isWorkloadKind(kind)) return;
  const labelSelector = selectorText(readWorkload(kind, object).selector);
  if (labelSelector === "") return;
  await Promise.all([
    read.list({ kind: "pods", namespace, labelSelector }),
    read.list({ kind: "replicasets", namespace, labelSelector }),
  ]);
}

function isWorkloadKind(kind: Subject["kind"]) {
  return kind === "deployments" || kind === "statefulsets" || kind === "daemonsets";
}

type Apart = Pick<Snapshot, "dns" | "ingressControllers">;

/** Pods that serve everybody, and are nobody's own. */
async function elsewhere(read: Collection): Promise<Apart> {
  const [dns, ingressControllers] = await Promise.all([
    read.apart("pods", DNS),
    read.apart("pods", INGRESS),
  ]);
  return { ...(dns ? { dns } : {}), ...(ingressControllers ? { ingressControllers } : {}) };
}

function snapshotOf(read: Reading, now: Date, apart: Apart): Snapshot {
  return { now, of: (kind) => read.of(kind), lines: () => [], ...apart, unread: read.unread() };
}
