import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { type App, configMapName } from "#sandbox/cluster/app.ts";
import type { Generation } from "#sandbox/cluster/course.ts";
import { holding } from "#sandbox/cluster/holding.ts";
import { rendered, selector } from "#sandbox/cluster/manifest.ts";
import { isPlaced, isReady, isWanted, type Pod } from "#sandbox/cluster/pods.ts";
import { between } from "#sandbox/noise.ts";
import type { At } from "./at.ts";
import { deploymentObject, lastChange, releaseAnnotations } from "./deployment-object.ts";
import { extraObjects } from "./extra-objects.ts";
import { configMapWriters, creator, helm } from "./managed.ts";
import { metadata, type Owner, uidOf, version } from "./metadata.ts";
import { podObject, restartOf, templateAnnotations } from "./pod-object.ts";

/** The app's objects of one kind at that instant. */
export function appObjects(kind: ResourceKind, app: App, at: At): readonly KubeObject[] {
  switch (kind) {
    case "deployments": {
      const deployment = deploymentObject(app, at);
      return deployment ? [deployment] : [];
    }
    case "replicasets":
      return replicaSets(app, at);
    case "pods":
      return pods(app, at);
    case "configmaps":
      return configMap(app, at);
    case "services":
      return [service(app, at)];
    case "endpointslices":
      return [endpointSlice(app, at)];
    case "secrets":
      return releaseSecrets(app, at);
    default:
      return extraObjects(kind, app, at);
  }
}

export function deploymentOwner(app: App, seed: number): Owner {
  const uid = uidOf(seed, "Deployment", app.namespace, app.name);
  return { apiVersion: "apps/v1", kind: "Deployment", name: app.name, uid };
}

export function replicaSetOwner(app: App, hash: string, seed: number): Owner {
  const name = `${app.name}-${hash}`;
  const uid = uidOf(seed, "ReplicaSet", app.namespace, name);
  return { apiVersion: "apps/v1", kind: "ReplicaSet", name, uid };
}

function pods(app: App, at: At): readonly KubeObject[] {
  const past = at.history(app);
  const { generations } = past.course;
  const owner = (pod: Pod) => replicaSetOwner(app, pod.hash, at.seed);
  const left = past.course.pods.filter(({ evicted, goneAt }) => evicted && goneAt <= at.now);
  return [...past.pods(at.now), ...left].map((pod) =>
    podObject(pod, owner(pod), restartOf(generations, pod.hash), at),
  );
}

function replicaSets(app: App, at: At): readonly KubeObject[] {
  const { course } = at.history(app);
  const past = course.generations.filter(
    ({ at: since, hash, rolledHash }) => since <= at.now && hash === rolledHash,
  );
  const newest = new Map(past.map((generation) => [generation.hash, generation]));
  return [...newest.values()].map((generation) => {
    const first = past.find((one) => one.hash === generation.hash) ?? generation;
    return replicaSet(app, generation, first.at, at);
  });
}

function replicaSet(app: App, spec: Generation, createdAt: number, at: At): KubeObject {
  const past = at.history(app);
  const own = past.pods(at.now).filter((pod) => pod.hash === spec.hash);
  const ready = own.filter((pod) => isReady(pod, at.now)).length;
  const { name, uid } = replicaSetOwner(app, spec.hash, at.seed);
  const { template } = rendered(app, spec.source).deployment.spec;
  const labels = { ...template.metadata.labels, "pod-template-hash": spec.hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: metadata({
      name,
      namespace: app.namespace,
      uid,
      version: version(lastChange(past, at.now), spec.generation),
      generation: spec.generation,
      createdAt,
      labels,
      annotations: {
        ...releaseAnnotations(app),
        "deployment.kubernetes.io/desired-replicas": String(spec.replicas),
        "deployment.kubernetes.io/revision": String(spec.rollout),
        ...earlierNumbers(past.course.generations, spec),
      },
      owner: deploymentOwner(app, at.seed),
      writers: [creator("kube-controller-manager", createdAt, { spec: { template } })],
    }),
    spec: {
      replicas: past.course.pods.filter((pod) => pod.hash === spec.hash && isWanted(pod, at.now))
        .length,
      selector: { matchLabels: { ...selector(app), "pod-template-hash": spec.hash } },
      template: {
        metadata: { labels, annotations: templateAnnotations(spec.restartedAt) },
        spec: template.spec,
      },
    },
    status: {
      replicas: own.length,
      observedGeneration: spec.generation,
      ...(own.length > 0 ? { fullyLabeledReplicas: own.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    },
  };
}

/** Numbers under which the template was rolled out before. */
function earlierNumbers(
  generations: readonly Generation[],
  { hash, rollout }: Generation,
): Readonly<Record<string, string>> {
  const numbers = generations
    .filter((other) => other.rolledHash === hash && other.rollout < rollout)
    .map((other) => other.rollout);
  if (numbers.length === 0) return {};
  return { "deployment.kubernetes.io/revision-history": [...new Set(numbers)].join(",") };
}

function configMap(app: App, at: At): readonly KubeObject[] {
  const { course, config, generation } = at.history(app);
  const state = config(at.now);
  const source = generation(at.now)?.chart;
  if (!state || !source) return [];
  const object = rendered(app, source).configMap;
  const changes = course.configs.filter((one) => one.at <= at.now).length;
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: metadata({
        name: configMapName(app),
        namespace: app.namespace,
        uid: uidOf(at.seed, "ConfigMap", app.namespace, configMapName(app)),
        version: version(state.at, changes),
        createdAt: app.revisions[0].at,
        labels: object.metadata.labels,
        annotations: releaseAnnotations(app),
        writers: configMapWriters(at.history(app), at.now),
      }),
      data: { ...state.data },
    },
  ];
}

function service(app: App, at: At): KubeObject {
  const source = at.history(app).generation(at.now)?.chart ?? app.revisions[0];
  const object = rendered(app, source).service;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata({
      name: app.name,
      namespace: app.namespace,
      uid: uidOf(at.seed, "Service", app.namespace, app.name),
      version: version(app.revisions[0].at),
      createdAt: app.revisions[0].at,
      labels: object.metadata.labels,
      annotations: releaseAnnotations(app),
      writers: [helm(app.revisions[0].at, { spec: object.spec })],
    }),
    spec: { ...object.spec, clusterIP: serviceAddress(app, at) },
    status: { loadBalancer: {} },
  };
}

function serviceAddress({ namespace, name }: App, { seed }: At): string {
  const part = (which: string) => Math.floor(between(1, 255, seed, which, namespace, name));
  return `10.96.${part("third")}.${part("fourth")}`;
}

function endpointSlice(app: App, at: At): KubeObject {
  const past = at.history(app);
  const placed = past.pods(at.now).filter(isPlaced);
  const endpoints = placed.map((pod) => ({
    addresses: [pod.ip],
    conditions: { ready: isReady(pod, at.now), serving: isReady(pod, at.now), terminating: false },
    nodeName: pod.node,
    targetRef: { kind: "Pod", namespace: app.namespace, name: pod.name, uid: pod.uid },
  }));
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: metadata({
      name: `${app.name}-7xk2d`,
      namespace: app.namespace,
      uid: uidOf(at.seed, "EndpointSlice", app.namespace, app.name),
      version: version(lastChange(past, at.now)),
      generation: 1,
      createdAt: app.revisions[0].at,
      labels: { ...selector(app), "kubernetes.io/service-name": app.name },
      owner: {
        apiVersion: "v1",
        kind: "Service",
        name: app.name,
        uid: uidOf(at.seed, "Service", app.namespace, app.name),
      },
    }),
    addressType: "IPv4",
    endpoints,
    ports: [{ name: "http", port: app.port, protocol: "TCP" }],
  };
}

/** Where Helm keeps its revisions. */
function releaseSecrets(app: App, at: At): readonly KubeObject[] {
  const { revisions } = at.history(app).course;
  return revisions
    .filter((revision) => holding([revision], at.now) !== undefined)
    .map(({ revision, at: createdAt }) => {
      const name = `sh.helm.release.v1.${app.name}.v${revision}`;
      return {
        apiVersion: "v1",
        kind: "Secret",
        metadata: metadata({
          name,
          namespace: app.namespace,
          uid: uidOf(at.seed, "Secret", app.namespace, name),
          version: version(createdAt),
          createdAt,
          labels: { name: app.name, owner: "helm", version: String(revision) },
          writers: [creator("helm", createdAt, { data: { release: "" } })],
        }),
        type: "helm.sh/release.v1",
        data: { release: "" },
      };
    });
}
