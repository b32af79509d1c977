import type { ReleaseRef } from "#domain/helm/release.ts";
import { OpsError } from "#errors.ts";
import type { RollbackRequest } from "#ports/releases.ts";

export type HelmMajor = 3 | 4;

const json = ["--output", "json"] as const;

export const versionArguments = ["version", "--template", "{{.Version}}"] as const;

/** Helm 4 lists every status by itself and knows no `--all`. `--max 0` means no limit of ours. */
export function listArguments(major: HelmMajor, namespace?: string): readonly string[] {
  const scope = namespace === undefined ? ["--all-namespaces"] : inNamespace(namespace);
  return ["list", ...(major === 3 ? ["--all"] : []), ...scope, "--max", "0", ...json];
}

/** Helm keeps ten revisions unless told otherwise; this many are read. */
export function historyArguments(release: ReleaseRef): readonly string[] {
  return ["history", ...named(release), "--max", "256", ...json];
}

export function manifestArguments(release: ReleaseRef, revision: number): readonly string[] {
  return ["get", "manifest", ...named(release), "--revision", number(revision)];
}

export function valuesArguments(release: ReleaseRef, revision: number): readonly string[] {
  return ["get", "values", ...named(release), "--revision", number(revision), ...json];
}

/** The chart's defaults too. */
export function allValuesArguments(release: ReleaseRef, revision: number): readonly string[] {
  return [...valuesArguments(release, revision), "--all"];
}

/** Helm 4 alone knows by which method it applied a release. */
export function metadataArguments(release: ReleaseRef): readonly string[] {
  return ["get", "metadata", ...named(release), ...json];
}

/**
 * `force`: take back fields that somebody else set since, as every rollback of Helm 3 does. Without it
 * a release of Helm 4 that was patched by hand fails half-way with conflicts of field ownership.
 */
export function rollbackArguments(request: RollbackRequest, force: boolean): readonly string[] {
  const { revision, timeoutSeconds } = request;
  const wait = ["--wait", "--timeout", `${number(timeoutSeconds)}s`];
  const [name, ...scope] = named(request);
  return ["rollback", name, number(revision), ...scope, ...wait, ...(force ? [FORCE] : [])];
}

const FORCE = "--force-conflicts";

function named({ name, namespace }: ReleaseRef): readonly [string, ...string[]] {
  return [checked(name, 53, /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/), ...inNamespace(namespace)];
}

function inNamespace(namespace: string): readonly string[] {
  return ["--namespace", checked(namespace, 63, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)];
}

/** RFC 1123: such a name is never an option. */
function checked(name: string, longest: number, shape: RegExp): string {
  if (name.length <= longest && shape.test(name)) return name;
  throw new OpsError(
    "invalid_input",
    `${JSON.stringify(name.slice(0, 80))} is not a name of a release or a namespace.`,
    "Names are lower-case letters, digits and '-', and begin and end with a letter or digit.",
  );
}

function number(value: number): string {
  if (Number.isSafeInteger(value) && value > 0) return String(value);
  throw new OpsError("invalid_input", `${value} is not a positive whole number.`, "Correct it.");
}
