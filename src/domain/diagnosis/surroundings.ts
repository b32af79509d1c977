import type { KubeObject, ObjectRef, ResourceKind } from "#domain/kubernetes/object.ts";
import { isOwnedBy } from "#domain/kubernetes/workload.ts";
import type { Core } from "./core.ts";
import {
  claimNames,
  covers,
  ingressServices,
  podLabels,
  scales,
  serviceSelects,
  volumeName,
} from "./relations.ts";
import type { Scope } from "./scope.ts";
import type { Snapshot } from "./snapshot.ts";

type Related = (core: Core, snapshot: Snapshot) => readonly KubeObject[];

/** Of each kind that has to do with a workload: which objects belong to the scope. Of the others all do. */
export function surroundings(
  subject: ObjectRef,
  object: KubeObject,
  core: Core,
  snapshot: Snapshot,
): Scope["of"] {
  const known = new Map<ResourceKind, readonly KubeObject[]>();
  return (kind) => {
    const found = known.get(kind) ?? withSubject(kind, subject, object, read(kind, core, snapshot));
    known.set(kind, found);
    return found;
  };
}

function withSubject(
  kind: ResourceKind,
  subject: ObjectRef,
  object: KubeObject,
  found: readonly KubeObject[],
): readonly KubeObject[] {
  const there = found.some(({ metadata }) => metadata.name === object.metadata.name);
  return kind !== subject.kind || there ? found : [object, ...found];
}

function read(kind: ResourceKind, core: Core, snapshot: Snapshot): readonly KubeObject[] {
  return related[kind]?.(core, snapshot) ?? snapshot.of(kind);
}

const related: Partial<Record<ResourceKind, Related>> = {
  pods: ({ pods }, snapshot) => ofUids(snapshot.of("pods"), pods),
  deployments: ({ workloads }, snapshot) => ofUids(snapshot.of("deployments"), workloads),
  statefulsets: ({ workloads }, snapshot) => ofUids(snapshot.of("statefulsets"), workloads),
  daemonsets: ({ workloads }, snapshot) => ofUids(snapshot.of("daemonsets"), workloads),
  replicasets: ({ workloads }, snapshot) =>
    snapshot
      .of("replicasets")
      .filter((set) => workloads.some(({ metadata }) => isOwnedBy(set, metadata.uid))),
  jobs: ({ jobs }) => jobs,
  cronjobs: ({ cronJobs }) => cronJobs,
  services,
  ingresses: (core, snapshot) => {
    const names = new Set(services(core, snapshot).map(({ metadata }) => metadata.name));
    return snapshot
      .of("ingresses")
      .filter((ingress) => [...ingressServices(ingress)].some((name) => names.has(name)));
  },
  horizontalpodautoscalers: scalers("horizontalpodautoscalers"),
  scaledobjects: scalers("scaledobjects"),
  poddisruptionbudgets: covering("poddisruptionbudgets"),
  networkpolicies: covering("networkpolicies"),
  persistentvolumeclaims: claims,
  persistentvolumes: (core, snapshot) => {
    const names = claims(core, snapshot).map(volumeName);
    return snapshot.of("persistentvolumes").filter(({ metadata }) => names.includes(metadata.name));
  },
  nodes: ({ pods }, snapshot) => {
    const names = new Set(pods.map(({ spec }) => spec.nodeName));
    return snapshot.of("nodes").filter(({ metadata }) => names.has(metadata.name));
  },
};

function ofUids(
  objects: readonly KubeObject[],
  wanted: readonly { readonly metadata: { readonly uid: string } }[],
): readonly KubeObject[] {
  const uids = new Set(wanted.map(({ metadata }) => metadata.uid));
  return objects.filter(({ metadata }) => uids.has(metadata.uid));
}

function services({ workloads, pods }: Core, snapshot: Snapshot): readonly KubeObject[] {
  const labels = podLabels(workloads, pods);
  return snapshot
    .of("services")
    .filter((service) => labels.some((each) => serviceSelects(service, each)));
}

function scalers(kind: "horizontalpodautoscalers" | "scaledobjects"): Related {
  return ({ workloads }, snapshot) =>
    snapshot.of(kind).filter((scaler) => workloads.some((workload) => scales(scaler, workload)));
}

function covering(kind: "poddisruptionbudgets" | "networkpolicies"): Related {
  return ({ workloads, pods }, snapshot) => {
    const labels = podLabels(workloads, pods);
    return snapshot.of(kind).filter((object) => labels.some((each) => covers(object, each)));
  };
}

function claims({ workloads, pods }: Core, snapshot: Snapshot): readonly KubeObject[] {
  const specs = [
    ...workloads.map(({ template }) => template.spec),
    ...pods.map(({ spec }) => spec),
  ];
  const names = new Set(specs.flatMap(claimNames));
  return snapshot.of("persistentvolumeclaims").filter(({ metadata }) => names.has(metadata.name));
}
