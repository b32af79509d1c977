import { once } from "node:events";
import { shellQuote } from "#domain/text/shell.ts";
import { MINUTE, shift } from "#domain/window.ts";
import { startAws } from "./aws/start.ts";
import type { Cluster } from "./kubernetes/cluster.ts";
import { seedIncident, spreadReleases } from "./kubernetes/incident.ts";
import { startKubernetes } from "./kubernetes/start.ts";
import { toolsFolder } from "./kubernetes/tools.ts";

/** A started backend: what a shell must export to use it, and how it is ended. */
interface Backend {
  readonly exports: readonly string[];
  stop(): Promise<void>;
}

/** When the incident is met, and for how long it has lasted then, in both backends. */
const now = new Date();
const onsetMinutesAgo = 15;

/** Ctrl-C ends everything, also while the rest is still being started. */
const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);

const starts = [kubernetes, aws].map((start) =>
  start().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    return undefined;
  }),
);
const backends = (await Promise.all(starts)).filter((backend) => backend !== undefined);
for (const line of backends.flatMap(({ exports }) => exports)) console.log(line);
if (backends.length > 0) {
  console.log("ready");
  await stopped;
}
await Promise.all(backends.map((backend) => backend.stop()));
process.exitCode = backends.length === starts.length ? 0 : 1;

async function kubernetes(): Promise<Backend> {
  const cluster = await startKubernetes();
  await orStop(cluster, releaseHistory(cluster));
  const exports = [
    `export KUBECONFIG=${shellQuote(cluster.kubeconfig)}`,
    `export PATH=${shellQuote(await toolsFolder(4))}:"$PATH"`,
  ];
  return { exports, stop: cluster.stop };
}

async function releaseHistory(cluster: Cluster): Promise<void> {
  const release = { namespace: "data", name: "customer-etl", major: 4 } as const;
  await seedIncident(cluster, release);
  await spreadReleases(cluster, release, shift(now, -onsetMinutesAgo * MINUTE));
}

async function aws(): Promise<Backend> {
  const endpoint = await startAws();
  await orStop(endpoint, endpoint.seedIncident({ now, overrides: { onsetMinutesAgo } }));
  const exports = Object.entries(endpoint.env).map(
    ([name, value]) => `export ${name}=${shellQuote(value)}`,
  );
  return { exports, stop: () => endpoint.stop() };
}

async function orStop(backend: Pick<Backend, "stop">, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    await backend.stop();
    throw error;
  }
}
