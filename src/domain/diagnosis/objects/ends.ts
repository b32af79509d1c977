import * as z from "zod";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { End, TargetPort } from "#domain/kubernetes/network-policy.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import { containerPorts, type Service } from "./service-shape.ts";

const addressSchema = z.object({
  status: z.object({ podIP: z.string().optional() }).prefault({}),
});

/** A pod as one end of a connection. */
export function endOfPod(pod: KubeObject, snapshot: Snapshot): End {
  const { namespace = "", labels } = pod.metadata;
  const address = addressSchema.parse(pod).status.podIP;
  return { ...namespaceEnd(namespace, snapshot), labels, ...(address ? { address } : {}) };
}

/** Any pod of the workload's present template. */
export function endOfTemplate({ namespace, template }: Workload, snapshot: Snapshot): End {
  return { ...namespaceEnd(namespace, snapshot), labels: template.metadata.labels };
}

/** Some pod of the namespace. The API server labels each namespace with its own name. */
export function namespaceEnd(namespace: string, snapshot: Snapshot): End {
  const object = snapshot.of("namespaces").find(({ metadata }) => metadata.name === namespace);
  const named = { "kubernetes.io/metadata.name": namespace };
  return { namespace, namespaceLabels: { ...named, ...object?.metadata.labels } };
}

/** The pod's port behind a port of the Service: policies see the pod's. The Service's first when none is named. */
export function portOf(
  { spec }: Service,
  pod: KubeObject,
  asked: number | undefined,
): TargetPort | undefined {
  const found = spec.ports.find(({ port }) => asked === undefined || port === asked);
  if (found === undefined) return undefined;
  const declared = containerPorts(pod).flatMap(({ ports }) => ports);
  const target = found.targetPort ?? found.port;
  const port =
    typeof target === "number"
      ? target
      : declared.find(({ name }) => name === target)?.containerPort;
  if (port === undefined) return undefined;
  const names = declared.filter(({ containerPort }) => containerPort === port);
  return { port, protocol: found.protocol, names: names.map(({ name }) => name) };
}
