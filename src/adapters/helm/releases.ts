import type { ReleaseRef } from "#domain/helm/release.ts";
import { OpsError } from "#errors.ts";
import type { Releases, RollbackRequest } from "#ports/releases.ts";
import { appliedByServer, output, releasesIn, revisionsIn, valuesIn } from "./answers.ts";
import {
  allValuesArguments,
  type HelmMajor,
  historyArguments,
  listArguments,
  manifestArguments,
  metadataArguments,
  rollbackArguments,
  valuesArguments,
  versionArguments,
} from "./arguments.ts";
import { isNotFound, noRelease, noRevision, pendingRelease, stoppedHalfWay } from "./failures.ts";
import { type HelmTarget, runHelm } from "./run.ts";

/** A reading takes tenths of a second; the caller's signal ends it earlier. */
const READ_SECONDS = 60;
/** What Helm gets beyond its own time-out to write down how it ended. */
const GRACE_SECONDS = 30;

/** The releases of one cluster, by the helm binary, of major version 3 or 4. */
export function helmReleases(target: HelmTarget): Releases {
  const read = (args: readonly string[], signal: AbortSignal) =>
    runHelm(target, args, { signal, timeoutSeconds: READ_SECONDS });
  const major = once((signal) => helmMajor(target, signal));

  const list: Releases["list"] = async ({ namespace }, signal) =>
    releasesIn(await read(listArguments(await major(signal), namespace), signal));

  const history: Releases["history"] = async (release, signal) => {
    const done = await read(historyArguments(release), signal);
    if (isNotFound(done)) throw await missing(list, release, signal);
    return revisionsIn(done);
  };

  return {
    list,
    history,
    async content(release, revision, signal) {
      const manifest = await read(manifestArguments(release, revision), signal);
      if (isNotFound(manifest)) {
        await history(release, signal);
        throw noRevision(release, revision);
      }
      const values = await read(valuesArguments(release, revision), signal);
      return { manifest: output(manifest), values: valuesIn(values) };
    },
    async allValues(release, revision, signal) {
      const values = await read(allValuesArguments(release, revision), signal);
      if (!isNotFound(values)) return valuesIn(values);
      await history(release, signal);
      throw noRevision(release, revision);
    },
    async rollback(request, signal) {
      const revisions = await history(request, signal);
      const newest = revisions[0]?.status ?? "unknown";
      if (newest.startsWith("pending-")) throw pendingRelease(request, newest);
      if (!revisions.some(({ revision }) => revision === request.revision)) {
        throw noRevision(request, request.revision);
      }
      const knowsMethod = (await major(signal)) === 4;
      const force = knowsMethod && appliedByServer(await read(metadataArguments(request), signal));
      signal.throwIfAborted();
      await rollBack(target, request, force);
    },
  };
}

/** Once begun it is not cut off: Helm's own time-out ends it in a state that its history tells. */
async function rollBack(target: HelmTarget, request: RollbackRequest, force: boolean) {
  const timeoutSeconds = request.timeoutSeconds + GRACE_SECONDS;
  const done = await runHelm(target, rollbackArguments(request, force), { timeoutSeconds });
  if (done.timedOut) throw stoppedHalfWay(request);
  if (isNotFound(done)) throw noRevision(request, request.revision);
  output(done);
}

/** The version of the binary, for example `v4.1.4`. */
export async function helmVersion(target: HelmTarget, signal: AbortSignal): Promise<string> {
  const done = await runHelm(target, versionArguments, { signal, timeoutSeconds: READ_SECONDS });
  return output(done).trim();
}

async function helmMajor(target: HelmTarget, signal: AbortSignal): Promise<HelmMajor> {
  const version = await helmVersion(target, signal);
  if (version.startsWith("v4.")) return 4;
  if (version.startsWith("v3.")) return 3;
  throw new OpsError(
    "not_configured",
    `Helm ${version} is neither 3 nor 4.`,
    "Put a helm binary of major version 3 or 4 first on the PATH.",
  );
}

/** Asks once; a failure is forgotten. */
function once<T>(ask: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let known: T | undefined;
  return async (signal) => {
    known ??= await ask(signal);
    return known;
  };
}

async function missing(list: Releases["list"], release: ReleaseRef, signal: AbortSignal) {
  const others = await list({ namespace: release.namespace }, signal);
  return noRelease(
    release,
    others.map(({ name }) => name),
  );
}
