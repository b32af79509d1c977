import { running, unready } from "./containers.ts";
import type { Manifest } from "./manifest.ts";
import { ingressClass, namespaceObject, service } from "./network.ts";
import { node } from "./nodes.ts";
import { clusterObject, object, type Scene } from "./scene.ts";
import { probe } from "./templates.ts";
import { deployment } from "./workloads.ts";

/** What every cluster has: nodes, namespaces, DNS, classes. */
export function ground(scene: Scene): readonly Manifest[] {
  return [
    ...scene.nodes.map((place) => node(scene, place)),
    namespaceObject(scene, scene.namespace),
    namespaceObject(scene, "kube-system"),
    storageClass(scene, "gp3", "WaitForFirstConsumer"),
    ingressClass(scene, "nginx"),
    ...ingressController(scene),
  ];
}

/** As its chart installs it. */
function ingressController(scene: Scene): readonly Manifest[] {
  const place = { ...scene, namespace: "ingress-nginx", app: "ingress-nginx-controller" };
  const labels = {
    "app.kubernetes.io/name": "ingress-nginx",
    "app.kubernetes.io/component": "controller",
  };
  return [
    namespaceObject(scene, place.namespace),
    ...deployment(place, { replicas: 1 }).objects.map((each) => relabelled(each, labels)),
  ];
}

/** What the controllers put into each namespace: its account, and the authority of the API server's certificate. */
export function accountParts(scene: Scene, objects: readonly Manifest[]): readonly Manifest[] {
  const names = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  // Only events of the cluster's own objects are there.
  names.delete("default");
  const data = { "ca.crt": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" };
  return [...names].flatMap((namespace) => [
    object(scene, ["v1", "ServiceAccount", "default"], {}, { namespace }),
    object(scene, ["v1", "ConfigMap", "kube-root-ca.crt"], { data }, { namespace }),
  ]);
}

/** The cluster's DNS; `sick` when none of its pods is ready. */
export function clusterDns(scene: Scene, sick = false): readonly Manifest[] {
  const image = "registry.k8s.io/coredns/coredns:v1.12.4";
  const place = { ...scene, namespace: "kube-system", app: "coredns", image };
  const states = [(sick ? unready : running)(scene, 400)];
  const labels = { "k8s-app": "kube-dns" };
  const app = deployment(place, {
    pods: [0, 1].map(() => ({ states })),
    container: {
      name: "coredns",
      ports: [{ name: "dns", containerPort: 53, protocol: "UDP" }],
      resources: { requests: { cpu: "100m", memory: "70Mi" }, limits: { memory: "170Mi" } },
      readinessProbe: probe("/ready", 8181),
    },
    metadata: { labels },
  });
  return [
    ...app.objects.map((each) => relabelled(each, labels)),
    ...service(place, {
      name: "kube-dns",
      selector: { app: "coredns" },
      ports: [{ name: "dns", protocol: "UDP", port: 53, targetPort: "dns" }],
      resolved: [{ name: "dns", port: 53, protocol: "UDP" }],
      pods: app.pods,
      spec: { clusterIP: "10.96.0.10" },
      metadata: { labels },
    }),
  ];
}

function relabelled(manifest: Manifest, labels: Readonly<Record<string, string>>): Manifest {
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } };
}

export function storageClass(
  scene: Scene,
  name: string,
  volumeBindingMode: "Immediate" | "WaitForFirstConsumer",
): Manifest {
  const parts = { provisioner: "ebs.csi.aws.com", reclaimPolicy: "Delete", volumeBindingMode };
  return clusterObject(scene, ["storage.k8s.io/v1", "StorageClass", name], parts);
}
