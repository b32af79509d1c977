import * as z from "zod";
import { isObject } from "#domain/json.ts";

const named = z.looseObject({ name: z.string() });
const mountSchema = z.object({ name: z.string(), mountPath: z.string().default("") });
const tolerationSchema = z.object({
  key: z.string().default(""),
  value: z.string().default(""),
  operator: z.string().default("Equal"),
  effect: z.string().default(""),
});

const partsSchema = z.object({
  volumes: z.array(named).default([]),
  containers: z.array(z.object({ volumeMounts: z.array(mountSchema).default([]) })).default([]),
  tolerations: z.array(tolerationSchema).default([]),
});
type Volume = z.output<typeof named>;
type Toleration = z.output<typeof tolerationSchema>;

/** The volume of every pod that holds the token of its service account. */
const TOKEN = /^kube-api-access-/;

/** `data: claim web-data at /var/lib/web`, for each volume of a pod's specification. */
export function volumeTexts(spec: unknown): readonly string[] {
  const { volumes, containers } = read(spec);
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts);
  return volumes
    .filter(({ name }) => !TOKEN.test(name))
    .map((volume) => {
      const paths = mounts.filter(({ name }) => name === volume.name);
      const at = [...new Set(paths.map(({ mountPath }) => mountPath))].join(", ");
      return `${volume.name}: ${sourceText(volume)}${at === "" ? ", not mounted" : ` at ${at}`}`;
    });
}

function read(spec: unknown): z.output<typeof partsSchema> {
  const parsed = partsSchema.safeParse(spec);
  return parsed.success ? parsed.data : { volumes: [], containers: [], tolerations: [] };
}

/** The field of each source that says most, and how a person calls the source. */
const SOURCES: Readonly<Record<string, readonly [string, string]>> = {
  persistentVolumeClaim: ["claim", "claimName"],
  configMap: ["ConfigMap", "name"],
  secret: ["Secret", "secretName"],
  hostPath: ["path of the node", "path"],
  csi: ["driver", "driver"],
  nfs: ["NFS", "server"],
};

function sourceText({ name: _, ...sources }: Volume): string {
  const [type = "", source] = Object.entries(sources)[0] ?? [];
  const fields = isObject(source) ? source : {};
  const known = SOURCES[type];
  if (known) return `${known[0]} ${String(fields[known[1]] ?? "")}${optionalText(fields)}`;
  if (type === "emptyDir") return fields.medium === "Memory" ? "empty, in memory" : "empty";
  return type === "projected" ? `projected ${projectedText(fields)}` : type;
}

function optionalText({ optional }: { readonly [key: string]: unknown }): string {
  return optional === true ? " (optional)" : "";
}

function projectedText({ sources }: { readonly [key: string]: unknown }): string {
  const list = Array.isArray(sources) ? sources : [];
  return list.flatMap((source) => (isObject(source) ? Object.keys(source) : [])).join(", ");
}

/** Every pod gets these two: it stays five minutes on a node that is lost. */
const USUAL = /^node\.kubernetes\.io\/(not-ready|unreachable)$/;

/** Taints that the pod bears beyond those that every pod does: `dedicated=gpu:NoSchedule`. */
export function tolerationTexts(spec: unknown): readonly string[] {
  return read(spec)
    .tolerations.filter(({ key, effect }) => !(USUAL.test(key) && effect === "NoExecute"))
    .map(tolerationText);
}

function tolerationText({ key, value, operator, effect }: Toleration): string {
  if (key === "") return effect === "" ? "every taint" : `every taint of effect ${effect}`;
  const wanted = operator === "Exists" ? key : `${key}=${value}`;
  return effect === "" ? wanted : `${wanted}:${effect}`;
}
