import * as z from "zod";
import { probeSchema } from "./probe.ts";

const optional = z.boolean().default(false);

const keyRefSchema = z.object({
  name: z.string().default(""),
  key: z.string(),
  optional,
});

const sourceSchema = z.object({ name: z.string().default(""), optional });
const itemsSchema = z.array(z.object({ key: z.string(), path: z.string() })).optional();

const containerSchema = z.object({
  name: z.string(),
  image: z.string().default(""),
  restartPolicy: z.string().optional(),
  ports: z.array(z.object({ name: z.string().default(""), containerPort: z.int() })).default([]),
  livenessProbe: probeSchema.optional(),
  readinessProbe: probeSchema.optional(),
  startupProbe: probeSchema.optional(),
  env: z
    .array(
      z.object({
        name: z.string(),
        valueFrom: z
          .object({
            configMapKeyRef: keyRefSchema.optional(),
            secretKeyRef: keyRefSchema.optional(),
          })
          .optional(),
      }),
    )
    .default([]),
  envFrom: z
    .array(z.object({ configMapRef: sourceSchema.optional(), secretRef: sourceSchema.optional() }))
    .default([]),
  volumeMounts: z
    .array(
      z.object({
        name: z.string(),
        subPath: z.string().default(""),
        subPathExpr: z.string().default(""),
      }),
    )
    .default([]),
  resources: z
    .object({
      requests: z.record(z.string(), z.string()).default({}),
      limits: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});
export type Container = z.output<typeof containerSchema>;

const configMapSourceSchema = z.object({
  name: z.string().default(""),
  items: itemsSchema,
  optional,
});
const secretSourceSchema = z.object({
  secretName: z.string().optional(),
  name: z.string().optional(),
  items: itemsSchema,
  optional,
});

const volumeSchema = z.object({
  name: z.string(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
  configMap: configMapSourceSchema.optional(),
  secret: secretSourceSchema.optional(),
  projected: z
    .object({
      sources: z
        .array(
          z.object({
            configMap: configMapSourceSchema.optional(),
            secret: secretSourceSchema.optional(),
          }),
        )
        .default([]),
    })
    .optional(),
});
type Volume = z.output<typeof volumeSchema>;

export const podSpecSchema = z.object({
  nodeName: z.string().default(""),
  serviceAccountName: z.string().default(""),
  restartPolicy: z.string().default("Always"),
  nodeSelector: z.record(z.string(), z.string()).default({}),
  schedulingGates: z.array(z.object({ name: z.string() })).default([]),
  containers: z.array(containerSchema).default([]),
  initContainers: z.array(containerSchema).default([]),
  volumes: z.array(volumeSchema).default([]),
});
export type PodSpec = z.output<typeof podSpecSchema>;

export const podTemplateSchema = z.object({
  metadata: z
    .object({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  spec: podSpecSchema.prefault({}),
});
export type PodTemplate = z.output<typeof podTemplateSchema>;

/** One way in which a pod template reads a ConfigMap or Secret. */
export interface TemplateRead {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly how: "env" | "envFrom" | "volume" | "subPath";
  readonly container: string;
  /** The keys that it reads; absent when it reads all of them. */
  readonly keys?: readonly string[];
  /** The pod starts without it, too. */
  readonly optional?: true;
}

/** Whether running pods see a change: kubelet refreshes whole volumes in a minute or two, nothing else ever. */
export function seesChanges({ how }: TemplateRead): boolean {
  return how === "volume";
}

/** The ConfigMaps and Secrets that a pod template reads, and how. */
export function templateReads({ spec }: PodTemplate): readonly TemplateRead[] {
  const containers = [...spec.initContainers, ...spec.containers];
  return containers.flatMap((container) => [
    ...container.env.flatMap((entry) => envRead(container.name, entry)),
    ...container.envFrom.flatMap((entry) => envFromRead(container.name, entry)),
    ...mountReads(container, spec.volumes),
  ]);
}

function envRead(container: string, { valueFrom }: Container["env"][number]): TemplateRead[] {
  const how = "env";
  const { configMapKeyRef: map, secretKeyRef: secret } = valueFrom ?? {};
  const read = { how, container } as const;
  if (map) return [{ kind: "ConfigMap", name: map.name, ...read, keys: [map.key], ...mark(map) }];
  return secret
    ? [{ kind: "Secret", name: secret.name, ...read, keys: [secret.key], ...mark(secret) }]
    : [];
}

function envFromRead(container: string, source: Container["envFrom"][number]): TemplateRead[] {
  const how = "envFrom";
  const { configMapRef: map, secretRef: secret } = source;
  if (map) return [{ kind: "ConfigMap", name: map.name, how, container, ...mark(map) }];
  return secret ? [{ kind: "Secret", name: secret.name, how, container, ...mark(secret) }] : [];
}

function mark(source: { readonly optional: boolean }): { readonly optional?: true } {
  return source.optional ? { optional: true } : {};
}

function mountReads(container: Container, volumes: readonly Volume[]): TemplateRead[] {
  return container.volumeMounts.flatMap((mount) => {
    const volume = volumes.find(({ name }) => name === mount.name);
    const subPath = mount.subPath || mount.subPathExpr;
    return volume
      ? volumeSources(volume).map((source) => sourceRead(container, source, subPath))
      : [];
  });
}

interface Source {
  readonly kind: TemplateRead["kind"];
  readonly name: string;
  readonly items?: z.output<typeof itemsSchema>;
  readonly optional: boolean;
}

function volumeSources(volume: Volume): Source[] {
  return [volume, ...(volume.projected?.sources ?? [])].flatMap(({ configMap, secret }) => [
    ...(configMap ? [{ kind: "ConfigMap", ...configMap } as const] : []),
    ...(secret
      ? [{ ...secret, kind: "Secret", name: secret.secretName ?? secret.name ?? "" } as const]
      : []),
  ]);
}

function sourceRead({ name: container }: Container, source: Source, subPath: string): TemplateRead {
  const { kind, name, items } = source;
  const how = subPath === "" ? "volume" : "subPath";
  const keys = subPath === "" ? items?.map(({ key }) => key) : [subPathKey(items, subPath)];
  return { kind, name, how, container, ...(keys ? { keys } : {}), ...mark(source) };
}

/** A file of such a volume is named after its key, unless `items` gives it another path. */
function subPathKey(items: Source["items"], subPath: string): string {
  return items?.find(({ path }) => path === subPath)?.key ?? subPath;
}
