import * as z from "zod";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import { hasCondition, type Pod, readPod } from "#domain/kubernetes/pod.ts";
import { shownStatus } from "#domain/kubernetes/pod-status.ts";

const portSchema = z.object({
  name: z.string().default(""),
  port: z.int(),
  targetPort: z.union([z.int(), z.string()]).optional(),
  protocol: z.string().default("TCP"),
});

const serviceSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      type: z.string().default("ClusterIP"),
      selector: z.record(z.string(), z.string()).nullish(),
      ports: z.array(portSchema).default([]),
      publishNotReadyAddresses: z.boolean().default(false),
    })
    .prefault({}),
});
export type Service = z.output<typeof serviceSchema>;
export type ServicePort = z.output<typeof portSchema>;

export function readService(object: KubeObject): Service {
  return serviceSchema.parse(object);
}

/** The labels by which it finds its pods; nothing when somebody else writes its endpoints. */
export function selectorOf({ spec }: Service): Readonly<Record<string, string>> | undefined {
  const { selector, type } = spec;
  const found = selector && Object.keys(selector).length > 0 && type !== "ExternalName";
  return found ? selector : undefined;
}

type Labels = Readonly<Record<string, string>>;

export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Objects of pods that the Service selects, those that have ended or are ending left out. */
export function selectedPods(service: Service, snapshot: Snapshot): readonly KubeObject[] {
  const selector = selectorOf(service);
  if (selector === undefined) return [];
  return snapshot.of("pods").filter((object) => {
    const { labels, namespace, deletionTimestamp } = object.metadata;
    const here = namespace === service.metadata.namespace && deletionTimestamp === undefined;
    return here && matches(selector, labels) && !hasEnded(readPod(object));
  });
}

function hasEnded({ status }: Pod): boolean {
  return ["Succeeded", "Failed"].includes(status.phase);
}

export function isReady(pod: Pod): boolean {
  const said = pod.status.conditions.some(({ type }) => type === "Ready");
  const { ready, total, status } = shownStatus(pod);
  return said ? hasCondition(pod, "Ready") : status === "Running" && ready === total;
}

const handlerSchema = z
  .object({
    httpGet: z.object({ port: z.union([z.int(), z.string()]) }).optional(),
    tcpSocket: z.object({ port: z.union([z.int(), z.string()]) }).optional(),
    grpc: z.object({ port: z.int() }).optional(),
  })
  .optional();

const portsSchema = z.object({
  spec: z.object({
    containers: z.array(
      z.object({
        name: z.string(),
        ports: z
          .array(z.object({ name: z.string().default(""), containerPort: z.int() }))
          .default([]),
        readinessProbe: handlerSchema,
        livenessProbe: handlerSchema,
      }),
    ),
  }),
});

export interface ContainerPorts {
  readonly container: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  /** Ports and names of ports that its probes ask. */
  readonly probed: readonly (number | string)[];
}

/** What a pod's containers declare to listen on. A declaration is a hint: a container may listen on more. */
export function containerPorts(pod: KubeObject): readonly ContainerPorts[] {
  const { containers } = portsSchema.parse(pod).spec;
  return containers.map(({ name, ports, readinessProbe, livenessProbe }) => ({
    container: name,
    ports,
    probed: [readinessProbe, livenessProbe].flatMap((probe) => {
      const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
      return port === undefined ? [] : [port];
    }),
  }));
}

/** `http 8080, 9090`. */
export function portsText(declared: readonly ContainerPorts[]): string {
  const ports = declared.flatMap((each) => each.ports);
  const texts = ports.map(({ name, containerPort }) => `${name} ${containerPort}`.trim());
  return [...new Set(texts)].join(", ") || "none";
}
