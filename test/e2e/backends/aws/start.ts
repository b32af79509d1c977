import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type AwsBackend, awsBackend } from "./backend.ts";
import { pythonWithMoto } from "./python.ts";
import { type Seed, seedIncident } from "./seed.ts";

export interface StartedAws extends AwsBackend {
  /** Puts a scenario of the sandbox, customer-etl unless another is named, into a region as it is at `now`. */
  seedIncident(seed?: Partial<Seed>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the endpoint on a free port of 127.0.0.1. It ends with this process, however that ends. */
export async function startAws(): Promise<StartedAws> {
  const python = await pythonWithMoto();
  const server = spawn(python, ["-m", "emulator", "0"], {
    cwd: import.meta.dirname,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  const backend = awsBackend(await endpointOf(server.stdout));
  return {
    ...backend,
    seedIncident: (seed) =>
      seedIncident(backend, {
        region: backend.env.AWS_REGION,
        scenario: "customer-etl",
        now: new Date(),
        ...seed,
      }),
    async stop() {
      server.kill();
      await ended;
    },
  };
}

/** The server's first line names its address. */
async function endpointOf(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [, endpoint] = /^listening on (http:\S+)$/.exec(line) ?? [];
    if (endpoint !== undefined) return endpoint;
  }
  throw new Error("The AWS endpoint ended before it listened.");
}
