import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import * as z from "zod";
import { isLoopback } from "#http/address.ts";
import type { TokenHash } from "#http/tokens.ts";
import type { Mode } from "#tools/tool.ts";
import {
  type CommandLine,
  didYouMean,
  type Environment,
  type Given,
  gather,
  readCommandLine,
  unknownVariables,
} from "./config/gather.ts";
import { DEFAULT_CALL_SECONDS, settingsSchema, variablesSchema } from "./config/settings.ts";
import type { Address } from "./config/values.ts";

/** What Firewatch runs by, checked. */
export interface Config {
  readonly mode: Mode;
  readonly sandbox?: { readonly scenario: string; readonly seed?: number };
  /** Absent: stdio. */
  readonly http?: HttpConfig;
  /** Absent: the usual ones. */
  readonly toolsets?: readonly string[];
  readonly namespaces: readonly string[];
  readonly logGroups: readonly string[];
  /** Empty: the current context. */
  readonly kubeContexts: readonly string[];
  /** Empty: none is known. */
  readonly regions: readonly string[];
  /** Absolute. */
  readonly stateDir: string;
  /** Absolute. A file that was named must exist. */
  readonly policy: { readonly path: string; readonly named: boolean };
  readonly callSeconds: number;
  readonly slackWebhookUrl?: string;
  /** The environment, and what it lacks from `--env-file`. */
  readonly environment: Environment;
  /** What whoever started this should know. */
  readonly remarks: readonly string[];
}

export interface HttpConfig extends Address {
  readonly tokens: readonly TokenHash[];
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/** Where settings come from. */
export interface Source {
  readonly env: Environment;
  readonly home: string;
  readonly cwd: string;
  readFile(path: string): string;
  /** Names that exist; asked for when a setting names one. */
  toolsets(): Promise<readonly string[]>;
  scenarios(): Promise<readonly string[]>;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

type Settings = z.output<typeof schema>;
type Values = ReadonlyMap<string, Given>;

const schema = z.object({ ...settingsSchema.shape, ...variablesSchema.shape });

/** Settles every setting: flag over variable, the environment over the file. All problems at once. */
export async function parseConfig(line: CommandLine, source: Source): Promise<Parsed<Config>> {
  const file = readEnvFile(line, source);
  const environment = file.ok ? { ...file.value, ...present(source.env) } : source.env;
  const values = gather(line.flags, environment);
  const parsed = schema.safeParse(
    Object.fromEntries([...values].map(([k, { text }]) => [k, text])),
  );
  const problems = [
    ...line.problems,
    ...(file.ok ? [] : file.problems),
    ...unknownVariables(environment),
    ...(parsed.error?.issues ?? []).map((issue) => problemText(issue, values)),
    ...(await unknownNames(values, source)),
    ...(parsed.success ? contradictions(parsed.data, values) : []),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: settle(parsed.data, line, environment, source) };
}

function readEnvFile(line: CommandLine, source: Source): Parsed<Environment> {
  const path = gather(line.flags, source.env).get("envFile");
  if (path === undefined) return { ok: true, value: {} };
  try {
    return { ok: true, value: parseEnv(source.readFile(resolve(source.cwd, path.text))) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [`${path.source}: the file cannot be read: ${cause}`] };
  }
}

/** An empty variable of the environment does not hide the file's. */
function present(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value));
}

/** Values of flags are repeated to the reader; those of variables may be secrets. */
function problemText(issue: z.core.$ZodIssue, values: Values): string {
  const given = values.get(String(issue.path[0]));
  const shown = given?.source.startsWith("--") ? ` ${JSON.stringify(given.text)} is` : "";
  return `${given?.source ?? issue.path.join(".")}:${shown} ${issue.message}.`;
}

async function unknownNames(values: Values, source: Source): Promise<string[]> {
  const scenario = values.get("sandbox");
  const toolsets = values.get("toolsets");
  return [
    ...(scenario ? misnamed(scenario, [scenario.text], await source.scenarios()) : []),
    ...(toolsets
      ? misnamed(toolsets, toolsets.text.split(","), [
          "default",
          "all",
          ...(await source.toolsets()),
        ])
      : []),
  ];
}

function misnamed(given: Given, names: readonly string[], known: readonly string[]): string[] {
  return names
    .map((name) => name.trim())
    .filter((name) => name !== "" && !known.includes(name))
    .map((name) => {
      const likely = didYouMean(name, known);
      return `${given.source}: there is no ${JSON.stringify(name)}${likely} There are: ${known.join(", ")}.`;
    });
}

function contradictions(settings: Settings, values: Values): string[] {
  const { mode, DRY_RUN: dryRun, http, seed, sandbox } = settings;
  const source = values.get("mode")?.source;
  const clash = dryRun === true ? mode === "live" : dryRun === false && mode && mode !== "live";
  const open = http && !isLoopback(http.host) && tokensOf(settings).length === 0;
  return [
    ...(clash ? [`DRY_RUN=${dryRun} contradicts ${source} ${mode}. Keep one of them.`] : []),
    ...(open
      ? [
          `${values.get("http")?.source}: ${http.host} can be reached from other machines, so callers need a token. ` +
            "Set FIREWATCH_HTTP_TOKEN or FIREWATCH_HTTP_TOKENS, or listen on 127.0.0.1.",
        ]
      : []),
    ...(seed !== undefined && sandbox === undefined
      ? [`${values.get("seed")?.source} belongs to --sandbox.`]
      : []),
  ];
}

function settle(
  settings: Settings,
  { command }: CommandLine,
  environment: Environment,
  source: Source,
): Config {
  const { sandbox, seed, toolsets, SLACK_WEBHOOK_URL: slackWebhookUrl } = settings;
  const http = httpConfig(settings);
  const simulated = sandbox !== undefined || command?.name === "sandbox";
  const usualDir = defaultStateDir(simulated, environment, source);
  const stateDir = resolve(source.cwd, settings.stateDir ?? usualDir);
  return {
    mode: settledMode(settings),
    ...(sandbox && { sandbox: { scenario: sandbox, ...(seed !== undefined && { seed }) } }),
    ...(http && { http }),
    ...(toolsets && { toolsets }),
    ...allowLists(settings),
    stateDir,
    policy: policyPath(settings, stateDir, source),
    callSeconds: settings.callSeconds ?? DEFAULT_CALL_SECONDS,
    ...(slackWebhookUrl && { slackWebhookUrl }),
    environment,
    remarks: remarksOn(settings),
  };
}

function allowLists(settings: Settings) {
  return {
    namespaces: settings.namespaces ?? ["*"],
    logGroups: settings.logGroups ?? ["*"],
    kubeContexts: settings.kubeContexts ?? [],
    regions: settings.regions ?? defaultRegions(settings),
  };
}

function policyPath({ policy }: Settings, stateDir: string, { cwd }: Source): Config["policy"] {
  return policy === undefined
    ? { path: join(stateDir, "policy.yaml"), named: false }
    : { path: resolve(cwd, policy), named: true };
}

function settledMode({ mode, DRY_RUN: dryRun, sandbox }: Settings): Mode {
  if (mode !== undefined) return mode;
  if (dryRun !== undefined) return dryRun ? "dry-run" : "live";
  return sandbox === undefined ? "dry-run" : "live";
}

function httpConfig(settings: Settings): HttpConfig | undefined {
  const { http, allowedHosts = [], allowedOrigins = [] } = settings;
  return http && { ...http, tokens: tokensOf(settings), allowedHosts, allowedOrigins };
}

/** The one unnamed token is `http` in the records. */
function tokensOf(settings: Settings): readonly TokenHash[] {
  const { FIREWATCH_HTTP_TOKEN: token, FIREWATCH_HTTP_TOKENS: tokens = [] } = settings;
  if (token === undefined) return tokens;
  return [{ name: "http", sha256: createHash("sha256").update(token).digest("hex") }, ...tokens];
}

function defaultStateDir(simulated: boolean, environment: Environment, { home }: Source): string {
  const base = environment.XDG_STATE_HOME || join(home, ".local", "state");
  return join(base, "firewatch", ...(simulated ? ["sandbox"] : []));
}

function defaultRegions({ AWS_REGION, AWS_DEFAULT_REGION }: Settings): readonly string[] {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  return region === undefined ? [] : [region];
}

function remarksOn({ BEDROCK_MODEL_ID: model }: Settings): string[] {
  return model === undefined
    ? []
    : ["BEDROCK_MODEL_ID is ignored: the host that connects to Firewatch brings the model."];
}

export { type CommandLine, readCommandLine };
