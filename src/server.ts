#!/usr/bin/env node
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import type { McpServerFactory } from "@modelcontextprotocol/server";
import { createCalls } from "#calls/index.ts";
import { errorText, OpsError } from "#errors.ts";
import { createMcpFactory } from "#mcp/server.ts";
import { serveOnStdio } from "#mcp/stdio.ts";
import { type Config, type HttpConfig, parseConfig, readCommandLine } from "./config.ts";
import { callSettings, type OpenHouse, openHouse } from "./house.ts";
import { promptLibrary, toolList } from "./listed.ts";
import { log } from "./log.ts";
import { stopWhen } from "./shutdown.ts";
import { nodeProblem, VERSION } from "./version.ts";

const USAGE = 2;

/** What serves, until it is closed or its client has gone. */
interface Transport {
  close(): Promise<void>;
  readonly ended?: Promise<unknown>;
}

/** The exit code; nothing when a server was started, which goes on. */
async function main(argv: readonly string[]): Promise<number | undefined> {
  const line = readCommandLine(argv);
  const { command } = line;
  const unfit = nodeProblem();
  if (unfit !== undefined) return complain([unfit]);
  if (command?.name === "help" || command?.name === "version") {
    return (await import("#cli/index.ts")).runAside(command.name, line.words);
  }
  const parsed = await parseConfig(line, {
    env: process.env,
    home: homedir(),
    cwd: process.cwd(),
    readFile: (path) => readFileSync(path, "utf8"),
    toolsets: async () => toolList.toolsets.map(({ name }) => name),
    scenarios: async () => (await import("#sandbox/outline.ts")).scenarioNames,
  });
  if (!parsed.ok) return complain(parsed.problems);
  const config = parsed.value;
  config.remarks.forEach(warn);
  // The SDKs of AWS and Kubernetes read the environment themselves.
  Object.assign(process.env, config.environment);
  if (command === undefined) return serve(config);
  return (await import("#cli/index.ts")).runCommand(command.name, config, line);
}

async function serve(config: Config): Promise<undefined> {
  const open = await openHouse(config);
  const calls = createCalls(open.house, callSettings(config, toolList.toolsets), toolList);
  const factory = createMcpFactory({
    calls,
    version: VERSION,
    library: promptLibrary,
    identity: config.http
      ? { principal: "anonymous", transport: "http", verified: false }
      : { principal: userInfo().username, transport: "stdio", verified: false },
  });
  const transport = config.http ? await onHttp(config.http, factory, open) : onStdio(factory);
  stopWhen(transport.ended, async () => {
    await transport.close();
    await calls.idle();
    await open.close();
  });
}

function onStdio(factory: McpServerFactory): Transport {
  if (process.stdin.isTTY) warn("Waiting for an MCP client on standard input. See firewatch help.");
  const ended = once(process.stdin, "end");
  return { ...serveOnStdio(factory, onError), ended };
}

async function onHttp(
  settings: HttpConfig,
  factory: McpServerFactory,
  { house, store }: OpenHouse,
): Promise<Transport> {
  const { listen } = await import("#http/listen.ts");
  const { notReady } = await import("#http/readiness.ts");
  await store();
  const listening = await listen(
    { ...settings, machineName: hostname() },
    { factory, onError, notReady: () => notReady(house), wallClock: house.wallClock },
  );
  warn(`listening on ${listening.url}`);
  return listening;
}

function onError(error: Error): void {
  log("warn", "transport", { error: error.message });
}

function complain(problems: readonly string[]): number {
  problems.forEach(warn);
  warn("See firewatch help.");
  return USAGE;
}

function failed(error: unknown): number {
  if (!(error instanceof OpsError)) {
    warn(`Firewatch cannot start: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  warn(errorText(error));
  return error.code === "invalid_input" ? USAGE : 1;
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.exitCode = await main(process.argv.slice(2)).catch(failed);
