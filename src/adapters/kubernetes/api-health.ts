import * as z from "zod";
import type { ApiHealth } from "#domain/kubernetes/api-health.ts";
import type { Connection } from "./connection.ts";

const versionSchema = z.object({ gitVersion: z.string() });

/** Every user may read both paths, by the role system:public-info-viewer. */
export async function apiHealth(api: Connection, signal: AbortSignal): Promise<ApiHealth> {
  // The first request logs in and connects; the second tells how long the server takes.
  const { gitVersion: version } = await api.send(path("version"), versionSchema, signal);
  // Not ready is an answer of status 500, with the checks that fail.
  const asked = { ...path("readyz"), query: { verbose: "true" }, answers: [500] };
  const checks = await timed(() => api.send(asked, z.string(), signal));
  const failing = [...checks.value.matchAll(/^\[-\](\S+)/gm)].map(([, name = ""]) => name);
  return {
    ready: failing.length === 0,
    failing,
    version,
    milliseconds: checks.milliseconds,
  };
}

function path(resource: string) {
  return { verb: "get", group: "", resource, path: `/${resource}` };
}

async function timed<T>(work: () => Promise<T>) {
  const start = performance.now();
  const value = await work();
  return { value, milliseconds: Math.round(performance.now() - start) };
}
