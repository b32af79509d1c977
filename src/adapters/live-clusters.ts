import type { DoctorCheck } from "#domain/doctor.ts";
import { matchesGlob } from "#domain/text/glob.ts";
import { OpsError } from "#errors.ts";
import type { ClusterPorts, Places } from "#ports/index.ts";
import { findHelm } from "./helm/find.ts";
import type { HelmTarget } from "./helm/run.ts";
import type { AccessToCheck } from "./kubernetes/checks.ts";
import type { Connection } from "./kubernetes/connection.ts";
import { findKubeSource, type KubeSettings, type KubeSource } from "./kubernetes/kubeconfig.ts";

export interface ClusterSettings extends KubeSettings {
  /** Globs of the contexts that may be used. Empty: the current one alone. */
  readonly contexts: readonly string[];
}

/**
 * The clusters of the kubeconfig, or of the pod that we run in; nothing when there is neither. Throws
 * `invalid_input` when no context fits.
 */
export async function openClusters(
  settings: ClusterSettings,
): Promise<Places<ClusterPorts> | undefined> {
  const source = findKubeSource(settings);
  if (source.kind === "none") return undefined;
  const names = allowed(source, settings.contexts);
  const withHelm = findHelm(settings.env) !== undefined;
  const opened = new Map<string, Promise<Partial<ClusterPorts>>>();
  return {
    names,
    offers: withHelm ? ["workloads", "releases"] : ["workloads"],
    async open(name) {
      if (!names.includes(name)) throw unknownContext(name, names);
      const ports = opened.get(name) ?? clusterPorts(source, name, withHelm ? settings : undefined);
      opened.set(name, ports);
      return ports;
    },
  };
}

/** Tries every cluster, every right that is used there, and the helm binary. */
export async function checkClusters(
  settings: ClusterSettings & Omit<AccessToCheck, "rollback">,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const source = findKubeSource(settings);
  if (source.kind === "none") return [noClusters(source, settings.contexts)];
  const names = allowed(source, settings.contexts);
  const { checkCluster } = await import("./kubernetes/checks.ts");
  const { checkHelm } = await import("./helm/checks.ts");
  const { releasesPermissions } = await import("./helm/permissions.ts");
  const withHelm = findHelm(settings.env) !== undefined;
  const access = { ...settings, ...(withHelm && { rollback: releasesPermissions.rollback }) };
  const targets = names.map((name) => helmTarget(source, name, settings));
  const checks = [
    ...names.map(async (name) => checkCluster(await connection(source, name), access, signal)),
    checkHelm(targets, settings.namespaces, signal),
  ];
  return (await Promise.all(checks)).flat();
}

/** What talks to clusters is loaded here, when one is first used. */
async function clusterPorts(
  source: Found,
  name: string,
  helm: KubeSettings | undefined,
): Promise<Partial<ClusterPorts>> {
  const { kubernetesWorkloads } = await import("./kubernetes/workloads.ts");
  const workloads = kubernetesWorkloads(await connection(source, name));
  if (!helm) return { workloads };
  const { helmReleases } = await import("./helm/releases.ts");
  return { workloads, releases: helmReleases(helmTarget(source, name, helm)) };
}

type Found = Exclude<KubeSource, { kind: "none" }>;

async function connection(source: Found, name: string): Promise<Connection> {
  const { connect } = await import("./kubernetes/connection.ts");
  const { loadConfig } = await import("./kubernetes/load.ts");
  return connect(name, () => loadConfig(source, name));
}

function helmTarget(source: Found, context: string, { env }: KubeSettings): HelmTarget {
  if (source.kind === "in-cluster") return { env };
  return { env, kubeconfig: source.files.join(delimiter), context };
}

const delimiter = process.platform === "win32" ? ";" : ":";

/** In the order of the globs, the current context before others that fit the same one. The first is the default. */
function allowed({ contexts }: Found, globs: readonly string[]): readonly string[] {
  const fitting = globs.flatMap((glob) => contexts.filter((name) => matchesGlob(glob, name)));
  const names = globs.length === 0 ? contexts.slice(0, 1) : [...new Set(fitting)];
  if (names.length > 0) return names;
  throw new OpsError(
    "invalid_input",
    `No context of the kubeconfig fits ${globs.join(", ")}.`,
    `Set --kube-contexts to one of ${contexts.slice(0, 20).join(", ")}.`,
  );
}

function unknownContext(name: string, names: readonly string[]): OpsError {
  return new OpsError(
    "not_allowed",
    `Cluster ${JSON.stringify(name)} is not configured.`,
    `Use one of ${names.join(", ")}, or add it to --kube-contexts.`,
  );
}

function noClusters(
  { reason, broken }: Extract<KubeSource, { kind: "none" }>,
  asked: readonly string[],
): DoctorCheck {
  return {
    subject: "Kubernetes",
    status: broken || asked.length > 0 ? "failed" : "not configured",
    detail: `${reason} Workloads and releases are not offered.`,
    fix: "Set KUBECONFIG to a kubeconfig file; for EKS `aws eks update-kubeconfig --name CLUSTER` writes one.",
  };
}
