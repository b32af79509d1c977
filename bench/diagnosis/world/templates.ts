import type { Fields, Manifest, MoreMetadata } from "./manifest.ts";
import type { NamedContainer, PodMaker, PodSpec, Template } from "./pods.ts";
import type { Scene } from "./scene.ts";

export interface AppParts {
  readonly replicas?: number;
  /** One for each pod of the newest template; as many healthy ones as replicas when not given. */
  readonly pods?: readonly PodMaker[];
  /** Healthy pods of the template before. */
  readonly oldPods?: number;
  /** Whether the newest template is still being rolled out; it is when old pods are left. */
  readonly rolling?: boolean;
  readonly rolledOutMinutes?: number;
  readonly container?: Fields;
  readonly podSpec?: Fields;
  readonly spec?: Fields;
  readonly status?: Fields;
  /** Replaces conditions of the same type. */
  readonly conditions?: readonly Fields[];
  readonly metadata?: MoreMetadata;
}

/** A workload with all that belongs to it. */
export interface App {
  readonly owner: Manifest;
  /** What makes the pods: the newest ReplicaSet, or the workload itself. */
  readonly maker: Manifest;
  readonly pods: readonly Manifest[];
  readonly objects: readonly Manifest[];
}

export const PORT = 8080;

/** One container, its port, its probe, its resources. */
export function container(scene: Scene, more: Fields = {}): NamedContainer {
  return {
    name: "app",
    image: scene.image,
    ports: [{ name: "http", containerPort: PORT, protocol: "TCP" }],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    readinessProbe: probe("/ready"),
    ...more,
  };
}

const sidecar: NamedContainer = {
  name: "log-shipper",
  image: "registry.example.com/infra/log-shipper:2.4.0",
  resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "64Mi" } },
};

export function probe(path: string, port: string | number = "http", more: Fields = {}): Fields {
  const times = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
  return { httpGet: { path, port, scheme: "HTTP" }, ...times, ...more };
}

export function templateOf(scene: Scene, parts: AppParts): Template {
  const containers = [container(scene, parts.container)];
  const alone: PodSpec = { serviceAccountName: "default", containers, ...parts.podSpec };
  const spec = scene.sidecar ? { ...alone, containers: [...alone.containers, sidecar] } : alone;
  return { labels: { app: scene.app }, spec };
}

export function written({ labels, spec }: Template): Fields {
  return { metadata: { labels }, spec };
}

/** The only pod of an app, for a case that has one. */
export function first(app: App): Manifest {
  const [pod] = app.pods;
  if (!pod) throw new Error(`${app.owner.metadata.name} has no pods`);
  return pod;
}
