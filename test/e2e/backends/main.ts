import { once } from "node:events";
import { shellQuote } from "#domain/text/shell.ts";
import { startAws } from "./aws/start.ts";
import { seedIncident } from "./kubernetes/incident.ts";
import { startKubernetes } from "./kubernetes/start.ts";
import { toolsFolder } from "./kubernetes/tools.ts";

/** A started backend: what a shell must export to use it, and how it is ended. */
interface Backend {
  readonly exports: readonly string[];
  stop(): Promise<void>;
}

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
  await orStop(
    cluster,
    seedIncident(cluster, { namespace: "data", name: "customer-etl", major: 4 }),
  );
  const exports = [
    `export KUBECONFIG=${shellQuote(cluster.kubeconfig)}`,
    `export PATH=${shellQuote(await toolsFolder(4))}:"$PATH"`,
  ];
  return { exports, stop: cluster.stop };
}

async function aws(): Promise<Backend> {
  const endpoint = await startAws();
  await orStop(endpoint, endpoint.seedIncident());
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
