import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import * as z from "zod";
import { readYaml, yamlFault } from "#domain/text/yaml.ts";

/** What the environment says of clusters. */
export interface KubeSettings {
  /** One or more files as in KUBECONFIG; it goes before the variable. */
  readonly kubeconfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type KubeSource =
  | { readonly kind: "files"; readonly files: readonly string[]; readonly contexts: Contexts }
  | { readonly kind: "in-cluster"; readonly contexts: Contexts }
  | {
      readonly kind: "none";
      readonly reason: string;
      /** A file was named, or is there, and does not serve. */
      readonly broken: boolean;
    };

/** Contexts by name; the current one first, when there is one. */
type Contexts = readonly string[];

/** How the context of a server that runs in a pod is called. */
const IN_CLUSTER = "in-cluster";
const TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

const kubeconfigSchema = z.object({
  "current-context": z.string().nullish(),
  contexts: z.array(z.object({ name: z.string() })).nullish(),
});

/** Looks for kubeconfig files as kubectl does, then for the service account of a pod. */
export function findKubeSource(settings: KubeSettings): KubeSource {
  const named = filesOf(settings);
  const files = named.filter((file) => existsSync(file));
  if (files.length > 0) return fromFiles(files);
  if (settings.env.KUBERNETES_SERVICE_HOST !== undefined && existsSync(TOKEN)) {
    return { kind: "in-cluster", contexts: [IN_CLUSTER] };
  }
  const broken = namedFiles(settings).length > 0;
  return { kind: "none", reason: `There is no ${named.join(" or ")}.`, broken };
}

function filesOf(settings: KubeSettings): readonly string[] {
  const files = namedFiles(settings);
  return files.length > 0 ? files : [join(settings.env.HOME ?? homedir(), ".kube", "config")];
}

function namedFiles({ kubeconfig, env }: KubeSettings): readonly string[] {
  const list = kubeconfig ?? env.KUBECONFIG ?? "";
  return list.split(delimiter).filter((file) => file !== "");
}

function fromFiles(files: readonly string[]): KubeSource {
  const names: string[] = [];
  let current: string | undefined;
  for (const file of files) {
    const read = readFile(file);
    if (!read.ok) {
      return { kind: "none", reason: `${file} cannot be read: ${yamlFault(read)}.`, broken: true };
    }
    names.push(...(read.value.contexts ?? []).map(({ name }) => name));
    current ??= read.value["current-context"] || undefined;
  }
  const first = current !== undefined && names.includes(current) ? [current] : [];
  const contexts = [...new Set([...first, ...names])];
  if (contexts.length > 0) return { kind: "files", files, contexts };
  return { kind: "none", reason: `${files.join(", ")} holds no context.`, broken: false };
}

function readFile(file: string) {
  try {
    return readYaml(readFileSync(file, "utf8"), kubeconfigSchema);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false as const, cause };
  }
}
