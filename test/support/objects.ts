import { type KubeObject, kubeObjectSchema } from "#domain/kubernetes/object.ts";

/** The time at which these objects are looked at. */
export const NOW = new Date("2026-04-25T14:00:00Z");

/** ISO time so many minutes before `NOW`. */
export function ago(minutes: number): string {
  return new Date(NOW.getTime() - minutes * 60_000).toISOString();
}

type Fields = Readonly<Record<string, unknown>>;

/** An object as an API server answers it. */
export function object(name: string, parts: Fields = {}, metadata: Fields = {}): KubeObject {
  return kubeObjectSchema.parse({
    metadata: {
      name,
      namespace: "data",
      uid: `uid-${name}`,
      resourceVersion: "1",
      creationTimestamp: ago(180),
      ...metadata,
    },
    ...parts,
  });
}

export function ownedBy(kind: string, name: string): Fields {
  return { ownerReferences: [{ kind, name, uid: `uid-${name}`, controller: true }] };
}

export const running = { running: { startedAt: ago(170) } };

export function waiting(reason: string, message = ""): Fields {
  return { waiting: { reason, message } };
}

export function terminated(exitCode: number, reason: string, minutesAgo = 3): Fields {
  return { terminated: { exitCode, reason, finishedAt: ago(minutesAgo) } };
}

/** Status of the container `app`. */
export function container(state: Fields, more: Fields = {}): Fields {
  return { name: "app", ready: "running" in state, restartCount: 0, state, ...more };
}

interface PodParts {
  readonly metadata?: Fields;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly containers?: readonly Fields[];
}

/** A pod of one container that runs and is ready, unless told otherwise. */
export function pod(name: string, parts: PodParts = {}): KubeObject {
  const containerStatuses = parts.containers ?? [container(running)];
  const spec = { nodeName: "node-a", containers: [{ name: "app", image: "etl:1" }], ...parts.spec };
  const status = { phase: "Running", containerStatuses, ...parts.status };
  return object(name, { spec, status }, parts.metadata);
}

interface WorkloadParts {
  readonly metadata?: Fields;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly podSpec?: Fields;
}

/** A Deployment of two replicas, rolled out, unless told otherwise. */
export function deployment(name: string, parts: WorkloadParts = {}): KubeObject {
  const labels = { app: name };
  const podSpec = { containers: [{ name: "app", image: "etl:1" }], ...parts.podSpec };
  const spec = {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec },
    ...parts.spec,
  };
  const status = {
    observedGeneration: 1,
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    ...parts.status,
  };
  const annotations = { "deployment.kubernetes.io/revision": "2" };
  return object(name, { spec, status }, { generation: 1, annotations, ...parts.metadata });
}

export function replicaSet(owner: string, revision: number, replicas: number): KubeObject {
  const metadata = {
    ...ownedBy("Deployment", owner),
    annotations: { "deployment.kubernetes.io/revision": String(revision) },
  };
  return object(
    `${owner}-${revision}`,
    { spec: { replicas }, status: { replicas, readyReplicas: replicas } },
    metadata,
  );
}

interface EventParts {
  readonly type?: string;
  readonly count?: number;
  readonly minutesAgo?: number;
  readonly message?: string;
}

export function event(about: string, reason: string, parts: EventParts = {}): KubeObject {
  const { type = "Warning", count = 1, minutesAgo = 1, message = "" } = parts;
  const [kind = "", name = ""] = about.split("/");
  return object(`${name}.${reason}.${minutesAgo}`.toLowerCase(), {
    type,
    reason,
    message,
    count,
    firstTimestamp: ago(minutesAgo + 10),
    lastTimestamp: ago(minutesAgo),
    involvedObject: { kind, name },
  });
}

export function condition(type: string, status: string, reason = "", message = ""): Fields {
  return { type, status, reason, message };
}
