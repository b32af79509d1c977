import type { DoctorCheck } from "#domain/doctor.ts";
import { OpsError } from "#errors.ts";
import { findHelm } from "./find.ts";
import { helmReleases, helmVersion } from "./releases.ts";
import type { HelmTarget } from "./run.ts";

/** Tries the binary, and whether it can read the releases of each cluster. */
export async function checkHelm(
  targets: readonly HelmTarget[],
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const [first] = targets;
  const binary = first && findHelm(first.env);
  if (!first || binary === undefined) return [missing];
  const version = await tried("helm binary", async () => {
    return `${await helmVersion(first, signal)} at ${binary}`;
  });
  if (version.status !== "ok") return [version];
  const scopes = namespaces.length > 0 ? namespaces.map((namespace) => ({ namespace })) : [{}];
  const lists = targets.flatMap((target) =>
    scopes.map((scope) => checkList(target, scope, signal)),
  );
  return [version, ...(await Promise.all(lists))];
}

interface Scope {
  readonly namespace?: string;
}

function checkList(target: HelmTarget, scope: Scope, signal: AbortSignal): Promise<DoctorCheck> {
  const { context = "this cluster" } = target;
  const where = scope.namespace ? `namespace ${scope.namespace}` : "all namespaces";
  return tried(`helm list on ${context} in ${where}`, async () => {
    const found = await helmReleases(target).list(scope, signal);
    return `${found.length} releases`;
  });
}

const missing: DoctorCheck = {
  subject: "helm binary",
  status: "not configured",
  detail: "It is not on the PATH: Helm's tools are not offered.",
  fix: "Install Helm 3 or 4: https://helm.sh/docs/intro/install",
};

async function tried(subject: string, ask: () => Promise<string>): Promise<DoctorCheck> {
  try {
    return { subject, status: "ok", detail: await ask() };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return { subject, status: "failed", detail: error.message, fix: error.hint };
  }
}
