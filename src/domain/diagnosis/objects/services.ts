import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { count } from "#domain/text/table.ts";
import { label, scoped } from "./scoped.ts";
import {
  type ContainerPorts,
  containerPorts,
  isReady,
  portsText,
  readService,
  type Service,
  type ServicePort,
  selectedPods,
} from "./service-shape.ts";

type ServiceRule = (service: Service, pods: readonly KubeObject[]) => Finding | undefined;

/** An analyzer of each Service in scope that selects pods. */
function eachService(rule: ServiceRule): Analyzer {
  return (scope, snapshot) =>
    scoped(scope, "services").flatMap((object) => {
      const service = readService(object);
      const pods = selectedPods(service, snapshot);
      return (pods.length > 0 && rule(service, pods)) || [];
    });
}

/** A targetPort by name is looked up in each pod's declared ports; a pod without it gets no endpoint. */
export const servicePortName = eachService((service, pods) => {
  const declared = pods.flatMap(containerPorts);
  const names = new Set(declared.flatMap(({ ports }) => ports.map(({ name }) => name)));
  const port = service.spec.ports.find(
    ({ targetPort }) => typeof targetPort === "string" && !names.has(targetPort),
  );
  if (port === undefined) return;
  const summary = `${label("Service", service)} sends port ${port.port} to the port named ${port.targetPort}, which its pods do not declare; they declare ${portsText(declared)}.`;
  return portFinding("service_port_name", service, port, pods, summary);
});

/**
 * A targetPort by number is used as it is. Containers need not declare what they listen on: it is only a sign,
 * and none when a probe of a pod that is ready asks that very port.
 */
export const serviceTargetPort = eachService((service, pods) => {
  const declared = pods.flatMap(containerPorts);
  if (pods.some(declaresNothing)) return;
  const listening = pods.filter((pod) => isReady(readPod(pod))).flatMap(containerPorts);
  const port = service.spec.ports.find((each) => isAstray(each, declared, listening));
  if (port === undefined) return;
  const summary = `${label("Service", service)} sends port ${port.port} to port ${targetOf(port)}, and its pods declare ${portsText(declared)}.`;
  return portFinding("service_target_port", service, port, pods, summary);
});

/** A sidecar often declares no port beside the one that serves; a pod without any tells nothing. */
function declaresNothing(pod: KubeObject): boolean {
  return containerPorts(pod).every(({ ports }) => ports.length === 0);
}

function isAstray(
  port: ServicePort,
  declared: readonly ContainerPorts[],
  listening: readonly ContainerPorts[],
): boolean {
  const target = targetOf(port);
  if (typeof target === "string") return false;
  const known = declared.some(({ ports }) =>
    ports.some(({ containerPort }) => containerPort === target),
  );
  return !known && !listening.some(({ probed }) => probed.includes(target));
}

/** Without a targetPort it is the port itself. */
function targetOf({ port, targetPort }: ServicePort): number | string {
  return targetPort ?? port;
}

function portFinding(
  cause: "service_port_name" | "service_target_port",
  service: Service,
  port: ServicePort,
  pods: readonly KubeObject[],
  summary: string,
): Finding {
  const object = label("Service", service);
  return {
    cause,
    confidence: cause === "service_port_name" ? "certain" : "likely",
    summary,
    evidence: [
      {
        object,
        field: `spec.ports[${port.name || port.port}].targetPort`,
        value: String(targetOf(port)),
      },
      ...pods.slice(0, 1).map(portEvidence),
    ],
    affected: [object],
    remedy:
      "Set targetPort to a port that the containers listen on, by number or by its declared name.",
    next: serviceCall(service),
  };
}

function portEvidence(pod: KubeObject): Evidence {
  const value = portsText(containerPorts(pod));
  return { object: label("Pod", pod), field: "spec.containers[].ports", value };
}

/** A Service sends only to pods whose Ready condition holds. */
export const servicePodsNotReady = eachService((service, objects) => {
  const pods = objects.map(readPod);
  if (service.spec.publishNotReadyAddresses || pods.some(isReady)) return;
  const object = label("Service", service);
  return {
    cause: "service_pods_not_ready",
    confidence: "certain",
    summary: `${object} has no endpoint to send to: none of its ${count(pods.length, "pod")} is ready.`,
    evidence: objects.slice(0, 3).map((pod) => ({
      object: label("Pod", pod),
      field: "status.conditions[Ready]",
      value: readinessText(pod),
    })),
    affected: [object],
    remedy: "Find out why the pods are not ready; the Service itself is in order.",
    next: {
      tool: "kubectl_get",
      args: { resource_type: "pods", namespace: service.metadata.namespace ?? "default" },
    },
  };
});

function readinessText(object: KubeObject): string {
  const pod = readPod(object);
  const condition = pod.status.conditions.find(({ type }) => type === "Ready");
  const said = condition && [condition.status, condition.reason].filter(Boolean).join(" ");
  return said ?? "not every container is ready";
}

export function serviceCall({ metadata }: Pick<Service, "metadata">) {
  const { name, namespace = "default" } = metadata;
  return { tool: "kubectl_get", args: { resource_type: "services", name, namespace } };
}
