import { type Fields, type Manifest, type MoreMetadata, ownedBy } from "./manifest.ts";
import { isReady } from "./pods.ts";
import { clusterObject, object, type Scene } from "./scene.ts";

export interface ServiceParts {
  readonly name?: string;
  readonly selector?: Fields;
  readonly ports?: readonly Fields[];
  readonly spec?: Fields;
  readonly metadata?: MoreMetadata;
  /** Pods that the selector finds; they become the endpoints. */
  readonly pods?: readonly Manifest[];
  /** Ports of the endpoints, as the controller resolves them. */
  readonly resolved?: readonly Fields[];
}

export const HTTP = { name: "http", protocol: "TCP", port: 80, targetPort: "http" };

/** A Service with the slice that its controller writes for it. */
export function service(scene: Scene, parts: ServiceParts = {}): readonly Manifest[] {
  const name = parts.name ?? scene.app;
  const spec = {
    type: "ClusterIP",
    clusterIP: `10.96.${scene.random.int(1, 250)}.${scene.random.int(2, 250)}`,
    selector: parts.selector ?? { app: scene.app },
    ports: parts.ports ?? [HTTP],
    ...parts.spec,
  };
  const made = object(
    scene,
    ["v1", "Service", name],
    { spec, status: { loadBalancer: {} } },
    { labels: { app: scene.app }, ...parts.metadata },
  );
  return [made, slice(scene, made, parts)];
}

/** kube-controller-manager, endpointslice/reconciler.go: a port that no pod names is left out. */
function slice(scene: Scene, owner: Manifest, parts: ServiceParts): Manifest {
  const { name, namespace } = owner.metadata;
  const endpoints = (parts.pods ?? []).map(endpoint);
  return object(
    scene,
    ["discovery.k8s.io/v1", "EndpointSlice", `${name}-${scene.random.suffix(5)}`],
    {
      addressType: "IPv4",
      endpoints,
      ports: parts.resolved ?? [{ name: "http", port: 8080, protocol: "TCP" }],
    },
    {
      ...(namespace === undefined ? {} : { namespace }),
      generation: 1,
      ownerReferences: ownedBy(owner),
      labels: {
        "kubernetes.io/service-name": name,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
    },
  );
}

function endpoint(pod: Manifest): Fields {
  const ready = isReady(pod);
  const { podIP, nodeName } = {
    podIP: undefined,
    nodeName: undefined,
    ...Object(pod.status),
    ...Object(pod.spec),
  };
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [podIP ?? "10.42.251.9"],
    conditions: { ready, serving: ready, terminating: false },
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: "Pod", name, namespace, uid },
  };
}

export function ingress(scene: Scene, spec: Fields, metadata: MoreMetadata = {}): Manifest {
  const status = { loadBalancer: { ingress: [{ ip: "198.51.100.7" }] } };
  const kind = ["networking.k8s.io/v1", "Ingress", scene.app] as const;
  return object(scene, kind, { spec, status }, { generation: 1, ...metadata });
}

/** One host, one path, one Service. */
export function route(scene: Scene, service: string, port: Fields): readonly Fields[] {
  const backend = { service: { name: service, port } };
  const paths = [{ path: "/", pathType: "Prefix", backend }];
  return [{ host: `${scene.app}.example.com`, http: { paths } }];
}

export function ingressClass(scene: Scene, name: string): Manifest {
  const spec = { controller: "k8s.io/ingress-nginx" };
  return clusterObject(scene, ["networking.k8s.io/v1", "IngressClass", name], { spec });
}

export function networkPolicy(scene: Scene, name: string, spec: Fields, ageMinutes = 90): Manifest {
  const kind = ["networking.k8s.io/v1", "NetworkPolicy", name] as const;
  return object(scene, kind, { spec }, { ageMinutes, generation: 1 });
}

export function namespaceObject(
  scene: Scene,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Manifest {
  const parts = { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } };
  const all = { "kubernetes.io/metadata.name": name, ...labels };
  return clusterObject(scene, ["v1", "Namespace", name], parts, { labels: all });
}
