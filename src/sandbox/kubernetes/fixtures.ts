import { isObject } from "#domain/json.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { DAY } from "#domain/window.ts";
import { type NodeName, nodeAddress, nodeNames } from "#sandbox/cluster/pods.ts";
import type { Fixture } from "#sandbox/scenario.ts";
import { creator } from "./managed.ts";
import { metadata, time, uidOf, version } from "./metadata.ts";

export function fixtureObject(fixture: Fixture, seed: number): KubeObject {
  const { namespace, name, createdAt, labels, annotations } = fixture;
  return {
    apiVersion: fixture.apiVersion,
    kind: fixture.objectKind,
    metadata: metadata({
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: uidOf(seed, fixture.objectKind, namespace ?? "", name),
      version: version(createdAt),
      createdAt,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      writers: [creator(author(fixture), createdAt, settings(fixture))],
    }),
    ...fixture.body,
  };
}

function author({ kind }: Fixture): string {
  return kind === "nodes" ? "kubelet" : "kubectl-create";
}

function settings({ body }: Fixture): object {
  const { status: _, ...rest } = body;
  return rest;
}

/** Three nodes and the namespaces, as every cluster has them. */
export function clusterFixtures(namespaces: readonly string[], start: number): readonly Fixture[] {
  const createdAt = start - 120 * DAY;
  const all = ["default", "kube-system", ...namespaces];
  return [
    ...nodeNames.map((name, i) => node(name, i, start - (40 + i) * DAY)),
    ...[...new Set(all)].map((name) => namespaceOf(name, createdAt)),
  ];
}

/** A secret that shows its keys and no value. */
export function secret(
  namespace: string,
  name: string,
  keys: readonly string[],
  createdAt: number,
): Fixture {
  return {
    kind: "secrets",
    apiVersion: "v1",
    objectKind: "Secret",
    namespace,
    name,
    createdAt,
    body: { type: "Opaque", data: Object.fromEntries(keys.map((key) => [key, ""])) },
  };
}

function namespaceOf(name: string, createdAt: number): Fixture {
  return {
    kind: "namespaces",
    apiVersion: "v1",
    objectKind: "Namespace",
    name,
    createdAt,
    labels: { "kubernetes.io/metadata.name": name },
    body: { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } },
  };
}

/** That node, short of memory since a moment. */
export function shortOfMemory(name: NodeName, start: number, since: number): Fixture {
  const i = nodeNames.indexOf(name);
  const well = node(name, i, start - (40 + i) * DAY);
  const taint = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" };
  const { spec, status } = well.body;
  return {
    ...well,
    body: {
      spec: { ...asObject(spec), taints: [{ ...taint, timeAdded: time(since) }] },
      status: { ...asObject(status), conditions: nodeConditions(well.createdAt, since) },
    },
  };
}

const asObject = (value: unknown) => (isObject(value) ? value : {});

function node(name: NodeName, i: number, createdAt: number): Fixture {
  const zone = `us-east-1${"abc".charAt(i)}`;
  const size = { cpu: "4", "ephemeral-storage": "80Gi", memory: "16Gi", pods: "58" };
  return {
    kind: "nodes",
    apiVersion: "v1",
    objectKind: "Node",
    name,
    createdAt,
    labels: {
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "node.kubernetes.io/instance-type": "m6i.xlarge",
      "topology.kubernetes.io/region": "us-east-1",
      "topology.kubernetes.io/zone": zone,
    },
    body: {
      spec: { providerID: `aws:///${zone}/i-0a1b2c3d4e5f6078${i}` },
      status: {
        capacity: size,
        allocatable: { ...size, cpu: "3920m", memory: "15Gi" },
        addresses: [
          { type: "InternalIP", address: nodeAddress(name) },
          { type: "Hostname", address: name },
        ],
        conditions: nodeConditions(createdAt),
        nodeInfo: {
          architecture: "amd64",
          containerRuntimeVersion: "containerd://2.1.4",
          kubeletVersion: "v1.34.2",
          operatingSystem: "linux",
          osImage: "Amazon Linux 2023",
        },
      },
    },
  };
}

function nodeConditions(since: number, pressedSince?: number) {
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: time(since),
  });
  const memory =
    pressedSince === undefined
      ? condition(
          "MemoryPressure",
          "False",
          "KubeletHasSufficientMemory",
          "kubelet has sufficient memory available",
        )
      : {
          ...condition(
            "MemoryPressure",
            "True",
            "KubeletHasInsufficientMemory",
            "kubelet has insufficient memory available",
          ),
          lastTransitionTime: time(pressedSince),
        };
  return [
    memory,
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    condition(
      "PIDPressure",
      "False",
      "KubeletHasSufficientPID",
      "kubelet has sufficient PID available",
    ),
    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
  ];
}
