import { closest } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import { type ResourceKind, readableKinds } from "./object.ts";

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

/** The kind that a person means: plural, singular, short, with or without its group. Throws `invalid_input`. */
export function resolveKind(text: string): ResourceKind {
  const [path = "", object] = text.toLowerCase().split("/");
  const [name = ""] = path.split(".");
  const kind = byName.get(name);
  if (kind !== undefined && object !== undefined) {
    throw new OpsError(
      "invalid_input",
      `${JSON.stringify(text)} is a kind and a name.`,
      `Give resource_type ${kind} and name ${object}.`,
    );
  }
  if (kind === undefined) {
    const [like] = closest(name, [...byName.keys()], 1);
    throw new OpsError(
      "invalid_input",
      `${JSON.stringify(text)} is not a kind that can be read.`,
      `${like === undefined ? "" : `Did you mean ${like}? `}Kinds: ${readableKinds.join(", ")}.`,
    );
  }
  return kind;
}
