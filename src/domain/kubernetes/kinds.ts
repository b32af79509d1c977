import { atMost } from "#domain/text/at-most.ts";
import { closest, likeness } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import { type ResourceKind, readableKinds } from "./object.ts";
import { placeOf, type ServedKind } from "./places.ts";

interface KindNames {
  /** As a person says it, in lower case. */
  readonly one: string;
  readonly many: string;
  readonly short: readonly string[];
  readonly scope: "namespace" | "cluster";
}

const kinds: Readonly<Record<ResourceKind, KindNames>> = {
  pods: namespaced("pod", "pods", "po"),
  deployments: namespaced("deployment", "deployments", "deploy"),
  replicasets: namespaced("replicaset", "replicasets", "rs"),
  statefulsets: namespaced("statefulset", "statefulsets", "sts"),
  daemonsets: namespaced("daemonset", "daemonsets", "ds"),
  jobs: namespaced("job", "jobs"),
  cronjobs: namespaced("cronjob", "cronjobs", "cj"),
  services: namespaced("service", "services", "svc"),
  endpointslices: namespaced(
    "endpointslice",
    "endpointslices",
    "ep",
    "eps",
    "endpoints",
    "endpoint",
  ),
  ingresses: namespaced("ingress", "ingresses", "ing"),
  configmaps: namespaced("configmap", "configmaps", "cm"),
  secrets: namespaced("secret", "secrets"),
  persistentvolumeclaims: namespaced("persistentvolumeclaim", "persistentvolumeclaims", "pvc"),
  nodes: clusterWide("node", "nodes", "no"),
  namespaces: clusterWide("namespace", "namespaces", "ns"),
  events: namespaced("event", "events", "ev"),
  horizontalpodautoscalers: namespaced(
    "horizontalpodautoscaler",
    "horizontalpodautoscalers",
    "hpa",
  ),
  poddisruptionbudgets: namespaced("poddisruptionbudget", "poddisruptionbudgets", "pdb"),
  scaledobjects: namespaced("scaledobject", "scaledobjects", "so"),
  controllerrevisions: namespaced("controllerrevision", "controllerrevisions"),
  serviceaccounts: namespaced("serviceaccount", "serviceaccounts", "sa"),
  resourcequotas: namespaced("resourcequota", "resourcequotas", "quota"),
  limitranges: namespaced("limitrange", "limitranges", "limits"),
  networkpolicies: namespaced("networkpolicy", "networkpolicies", "netpol"),
  httproutes: namespaced("httproute", "httproutes"),
  persistentvolumes: clusterWide("persistentvolume", "persistentvolumes", "pv"),
  storageclasses: clusterWide("storageclass", "storageclasses", "sc"),
  volumeattachments: clusterWide("volumeattachment", "volumeattachments"),
  ingressclasses: clusterWide("ingressclass", "ingressclasses"),
  validatingwebhookconfigurations: clusterWide(
    "validatingwebhookconfiguration",
    "validatingwebhookconfigurations",
  ),
  mutatingwebhookconfigurations: clusterWide(
    "mutatingwebhookconfiguration",
    "mutatingwebhookconfigurations",
  ),
  apiservices: clusterWide("apiservice", "apiservices"),
  podmetrics: namespaced("podmetric", "podmetrics"),
  nodemetrics: clusterWide("nodemetric", "nodemetrics"),
};

function namespaced(one: string, many: string, ...short: readonly string[]): KindNames {
  return { one, many, short, scope: "namespace" };
}

function clusterWide(one: string, many: string, ...short: readonly string[]): KindNames {
  return { one, many, short, scope: "cluster" };
}

export function kindNames(kind: ResourceKind): KindNames {
  return kinds[kind];
}

const byName: ReadonlyMap<string, ResourceKind> = new Map(
  readableKinds.flatMap((kind) =>
    [kind, kinds[kind].one, ...kinds[kind].short].map((name) => [name, kind] as const),
  ),
);

/** What a person calls a kind: its name, with its version and group when they say them. */
interface SaidKind {
  readonly name: string;
  readonly version?: string;
  readonly group?: string;
}

/** `deployments`, `deployments.apps` or `deployments.v1.apps`. Throws `invalid_input` for a kind and a name. */
function saidKind(text: string): SaidKind {
  const [path = "", object] = text.toLowerCase().split("/");
  if (object !== undefined) throw kindAndName(text, path, object);
  const [name = "", ...rest] = path.split(".");
  const [first = "", ...others] = rest;
  const versioned = /^v\d+((alpha|beta)\d+)?$/.test(first);
  const group = (versioned ? others : rest).join(".");
  return {
    name,
    ...(versioned ? { version: first } : {}),
    ...(rest.length === 0 ? {} : { group }),
  };
}

function kindAndName(text: string, kind: string, name: string): OpsError {
  return new OpsError(
    "invalid_input",
    `${JSON.stringify(text)} is a kind and a name.`,
    `Give resource_type ${byName.get(kind) ?? kind} and name ${name}.`,
  );
}

/** The kind among those known here; undefined when the name, or the name with its group, is of another. */
export function knownKind(text: string): ResourceKind | undefined {
  const { name, version, group } = saidKind(text);
  const kind = byName.get(name);
  if (kind === undefined || group === undefined) return kind;
  const place = placeOf(kind);
  const other = version !== undefined && version !== place.version;
  return group === place.group && !other ? kind : undefined;
}

/** The kind that a person means: plural, singular, short, with or without its group. Throws `invalid_input`. */
export function resolveKind(text: string): ResourceKind {
  const kind = knownKind(text);
  if (kind !== undefined) return kind;
  throw unknownKind(text, []);
}

/** The served kind that a person means. Throws `invalid_input` with those it may be mistaken for. */
export function servedKind(text: string, served: readonly ServedKind[]): ServedKind {
  const said = saidKind(text);
  const [kind, ...others] = served.filter((each) => isMeant(said, each));
  if (kind === undefined) throw unknownKind(text, served);
  if (others.length === 0) return kind;
  throw new OpsError(
    "invalid_input",
    `Several kinds are called ${JSON.stringify(text)}.`,
    `Name its group too: ${[kind, ...others].map(fullName).join(", ")}.`,
  );
}

function isMeant({ name, group }: SaidKind, kind: ServedKind): boolean {
  const names = [kind.resource, kind.kind.toLowerCase(), kind.singular, ...kind.short];
  return names.includes(name) && (group === undefined || group === kind.group);
}

function fullName({ resource, group }: ServedKind): string {
  return group === "" ? resource : `${resource}.${group}`;
}

/** Below this likeness a kind is noise rather than help. */
const ALIKE = 0.65;
/** Most names of other kinds in a hint. */
const MOST_CUSTOM = 20;

function unknownKind(text: string, served: readonly ServedKind[]): OpsError {
  const [name = ""] = text.toLowerCase().split(/[./]/);
  const custom = served
    .filter((kind) => !isKnown(kind))
    .sort(addedFirst)
    .map(fullName);
  const like = nearest(name, served);
  return new OpsError(
    "invalid_input",
    `${JSON.stringify(text)} is not a kind that can be read.`,
    [
      like === undefined ? "" : `Did you mean ${like}?`,
      `Kinds: ${readableKinds.join(", ")}.`,
      custom.length === 0 ? "" : `Others: ${atMost(custom, MOST_CUSTOM, "kind").join(", ")}.`,
    ]
      .filter((part) => part !== "")
      .join(" "),
  );
}

/** Whether a served kind is one of those known here. */
function isKnown({ group, resource }: ServedKind): boolean {
  return readableKinds.some((kind) => {
    const place = placeOf(kind);
    return place.group === group && place.resource === resource;
  });
}

/** Kinds that somebody added to the cluster, before those that every cluster serves. */
function addedFirst(a: ServedKind, b: ServedKind): number {
  return Number(isOwn(a)) - Number(isOwn(b));
}

function isOwn({ group }: ServedKind): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}

function nearest(name: string, served: readonly ServedKind[]): string | undefined {
  const names = [
    ...byName.keys(),
    ...served.flatMap(({ resource, singular }) => [resource, singular]),
  ];
  const longer = names.find((each) => name.length >= 3 && each.startsWith(name));
  return longer ?? closest(name, names, 1).find((each) => likeness(name, each) >= ALIKE);
}
