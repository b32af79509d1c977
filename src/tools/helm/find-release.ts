import type { ReleaseRef, Revision } from "#domain/helm/release.ts";
import { closest } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import type { Releases } from "#ports/releases.ts";

/** The release's history, newest first. An unknown release is an error that names those it may be mistaken for. */
export async function releaseHistory(
  releases: Releases,
  release: ReleaseRef,
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  try {
    return await releases.history(release, signal);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "not_found") throw error;
    const others = await visible(releases, release.namespace, signal);
    throw new OpsError("not_found", missing(release), hint(release, others), { cause: error });
  }
}

/** Releases of all namespaces, or of this one when the rest cannot be seen. */
async function visible(releases: Releases, namespace: string, signal: AbortSignal) {
  try {
    return await releases.list({}, signal);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return releases.list({ namespace }, signal).catch(() => []);
  }
}

function missing({ name, namespace }: ReleaseRef): string {
  return `There is no release ${name} in namespace ${namespace}.`;
}

function hint({ name, namespace }: ReleaseRef, others: readonly ReleaseRef[]): string {
  const elsewhere = others.filter((other) => other.name === name).map((other) => other.namespace);
  if (elsewhere.length > 0) return `It is in namespace ${elsewhere.join(", ")}.`;
  const named = others.map((other) => `${other.name} (namespace ${other.namespace})`);
  const like = closest(
    name,
    others.map((other) => other.name),
  );
  const close = named.filter((text) => like.some((each) => text.startsWith(`${each} `)));
  if (close.length > 0) return `Close names: ${close.slice(0, 5).join(", ")}.`;
  const here = others.filter((other) => other.namespace === namespace).map((other) => other.name);
  if (here.length === 0)
    return `No release of namespace ${namespace} can be seen. Check the namespace.`;
  return `Releases of namespace ${namespace}: ${here.slice(0, 10).join(", ")}.`;
}
