import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { cleanEnv, stateFolder } from "../../cli/run.ts";

export const SERVER = "dist/server.js";

export interface Start {
  /** Where its records are; by default a folder of its own. */
  readonly folder?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How a server in the sandbox is started; with `AWS_ENDPOINT_URL` in its environment, a live one. */
export function startOf({ folder = stateFolder(), args = [], env = {} }: Start) {
  const world = "AWS_ENDPOINT_URL" in env ? [] : ["--sandbox"];
  return {
    command: process.execPath,
    args: [SERVER, ...world, "--state-dir", folder, ...args],
    env: cleanEnv(env),
  };
}

export interface Serving {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The built server over HTTP, from its `listening on` line until it is stopped or the test ends. */
export async function overHttp(start: Start = {}): Promise<Serving> {
  const { command, args, env } = startOf(start);
  const child = spawn(command, [...args, "--http", "127.0.0.1:0"], { env });
  const ended = once(child, "exit");
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let said = "";
  for await (const chunk of child.stderr) {
    said += chunk;
    const url = /^listening on (http:\/\/127\.0\.0\.1:\d+\/mcp)$/m.exec(said)?.[1];
    if (url === undefined) continue;
    const stop = () => {
      child.kill("SIGTERM");
      return ended;
    };
    return { url, stop };
  }
  throw new Error(`the server ended before it listened: ${said}`);
}

/** What a command of the built server prints. */
export async function firewatch(...args: readonly string[]): Promise<string> {
  const options = { env: cleanEnv(), extendEnv: false };
  return (await execa(process.execPath, [SERVER, ...args], options)).stdout;
}
