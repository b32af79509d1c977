import type { Judged } from "#domain/helm/healthy.ts";
import { manifestWorkloads, parseManifest } from "#domain/helm/manifest.ts";
import type { ReleaseRef } from "#domain/helm/release.ts";
import { workloadHealth } from "#domain/kubernetes/health.ts";
import { workloadLabel } from "#domain/kubernetes/workload.ts";
import { count } from "#domain/text/table.ts";
import { MINUTE, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import { observe } from "#tools/kubernetes/observe.ts";

/** Restarts within this time speak against the revision that runs. */
const RECENT = 10 * MINUTE;

type LivePorts = Pick<Ports, "releases" | "workloads" | "clock">;

/** What the workloads of the current revision add to its judgement. */
export async function liveHealth(
  release: ReleaseRef,
  current: Judged,
  ports: LivePorts,
  signal: AbortSignal,
): Promise<Pick<Judged, "healthy" | "why">> {
  const { healthy, why } = current;
  try {
    const { total, complaints } = await look(release, current, ports, signal);
    if (total === 0) return { healthy, why: `${why}; it has no workloads` };
    const [first] = complaints;
    if (first === undefined)
      return { healthy, why: `${why}; ${count(total, "workload")} well now` };
    return { healthy: false, why: `${why}, but ${first}` };
  } catch (error) {
    if (!(error instanceof OpsError) || error.code === "cancelled") throw error;
    return { healthy, why: `${why}; its workloads could not be read (${error.code})` };
  }
}

async function look(
  release: ReleaseRef,
  current: Judged,
  ports: LivePorts,
  signal: AbortSignal,
): Promise<{ readonly total: number; readonly complaints: readonly string[] }> {
  const { manifest } = await ports.releases.content(release, current.revision, signal);
  const workloads = manifestWorkloads(parseManifest(manifest), release.namespace);
  const since = shift(ports.clock.now(), -RECENT);
  const complaints = await Promise.all(
    workloads.map(async ({ kind, namespace, name }) => {
      const seen = await observe({ kind, namespace, name }, ports, signal);
      if (seen === undefined) return [`${workloadLabel({ kind, name })} does not exist`];
      return workloadHealth(seen.workload, seen.facts, since)
        .filter(({ ok }) => !ok)
        .map((check) => `its check failed: ${check.name} (${check.evidence})`);
    }),
  );
  return { total: workloads.length, complaints: complaints.flat() };
}
