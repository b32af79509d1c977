import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type AwsBackend, awsBackend } from "./backend.ts";
import { pythonWithMoto } from "./python.ts";
import { seedIncident } from "./seed.ts";

export interface StartedAws extends AwsBackend {
  /** Puts the customer-etl incident into the endpoint's default region; it ends at `now`. */
  seedIncident(now?: Date): Promise<void>;
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
    seedIncident: (now = new Date()) => seedIncident(backend, "eu-west-1", now),
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
