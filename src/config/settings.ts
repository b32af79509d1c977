import * as z from "zod";
import { modes } from "#tools/tool.ts";
import {
  address,
  DEFAULT_ADDRESS,
  hostNames,
  list,
  oneOf,
  origins,
  token,
  tokenHashes,
  wholeNumber,
} from "./values.ts";

export const DEFAULT_CALL_SECONDS = 45;
export const DEFAULT_SCENARIO = "customer-etl";

interface Notes {
  /** What stands for the value in help. */
  readonly value: string;
  readonly text: string;
  /** What holds when it is not given, in words. */
  readonly fallback?: string;
  /** The value of the flag alone, and of its variable set to `true`. */
  readonly bare?: string;
  /** For `.env.example`. */
  readonly example?: string;
}

/** Help, docs/configuration.md and .env.example come from it. */
const notes = z.registry<Notes>();

function setting<T extends z.ZodType>(schema: T, about: Notes): z.ZodOptional<T> {
  const optional = schema.optional();
  notes.add(optional, about);
  return optional;
}

const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, "not an AWS region such as eu-west-1");

/** Every flag, which also is the variable FIREWATCH_<NAME>. Values come as text and leave checked. */
export const settingsSchema = z.object({
  mode: setting(oneOf(modes), {
    value: "MODE",
    text: "`read-only` offers no actions, `dry-run` plans and shows them, `live` carries out what a person approves.",
    fallback: "dry-run; live in the sandbox",
    example: "dry-run",
  }),
  sandbox: setting(z.string(), {
    value: "[SCENARIO]",
    text: "Work in a simulated world instead of real systems.",
    bare: DEFAULT_SCENARIO,
    fallback: "off",
    example: DEFAULT_SCENARIO,
  }),
  seed: setting(wholeNumber(0, 2 ** 32 - 1), {
    value: "NUMBER",
    text: "Which variant of the sandbox's scenario.",
    fallback: "1",
    example: "1",
  }),
  http: setting(address, {
    value: "[HOST:PORT]",
    text: "Serve MCP over HTTP instead of stdio. An address that other machines can reach needs a token.",
    bare: DEFAULT_ADDRESS,
    fallback: "stdio",
    example: DEFAULT_ADDRESS,
  }),
  allowedHosts: setting(hostNames, {
    value: "LIST",
    text: "Host names by which HTTP clients may address the server, besides localhost, this machine's name and IP addresses.",
    fallback: "none",
    example: "firewatch.ops.svc",
  }),
  allowedOrigins: setting(origins, {
    value: "LIST",
    text: "Origins of web pages that may call over HTTP, such as https://console.example.com.",
    fallback: "this machine's, on a loopback address; else none",
    example: "https://console.example.com",
  }),
  toolsets: setting(list, {
    value: "LIST",
    text: "The whole list of toolsets to offer; `default` stands for the usual ones, `all` for every one.",
    fallback: "default",
    example: "default",
  }),
  kubeContexts: setting(list, {
    value: "LIST",
    text: "Kubernetes contexts that may be used, `*` globs allowed; the first is the default.",
    fallback: "the current context",
    example: "prod-*,staging",
  }),
  namespaces: setting(list, {
    value: "LIST",
    text: "Kubernetes namespaces that may be read and changed, `*` globs allowed.",
    fallback: "*",
    example: "data,web-*",
  }),
  regions: setting(list.pipe(z.array(region)), {
    value: "LIST",
    text: "AWS regions that may be used; the first is the default.",
    fallback: "AWS_REGION",
    example: "eu-west-1,us-east-1",
  }),
  logGroups: setting(list, {
    value: "LIST",
    text: "CloudWatch log groups that may be read, `*` globs allowed.",
    fallback: "*",
    example: "/data/*",
  }),
  policy: setting(z.string(), {
    value: "FILE",
    text: "Which actions need a person, who may approve, freezes and limits. Without a file, a person for every action.",
    fallback: "policy.yaml in the state folder",
    example: "/etc/firewatch/policy.yaml",
  }),
  stateDir: setting(z.string(), {
    value: "DIR",
    text: "Where approvals, the audit log and reports are kept.",
    fallback:
      "$XDG_STATE_HOME/firewatch, else ~/.local/state/firewatch; in the sandbox its sandbox folder",
    example: "/var/lib/firewatch",
  }),
  callSeconds: setting(wholeNumber(1, 50), {
    value: "NUMBER",
    text: "Longest time one call takes, 1 to 50; hosts give up after 60. What takes longer goes on and is asked for with `get_action`.",
    fallback: String(DEFAULT_CALL_SECONDS),
    example: String(DEFAULT_CALL_SECONDS),
  }),
  envFile: setting(z.string(), {
    value: "FILE",
    text: "Read further variables from a file. The environment wins over it.",
    fallback: "none",
  }),
});

/** Variables without a flag: secrets, which must not stand in a command line, and names that others chose. */
export const variablesSchema = z.object({
  DRY_RUN: setting(
    z.stringbool({ truthy: ["true"], falsy: ["false"], error: "not true or false" }),
    {
      value: "true|false",
      text: "`true` is `--mode dry-run`, `false` is `--mode live`. A mode that contradicts it stops the start.",
      example: "true",
    },
  ),
  FIREWATCH_HTTP_TOKEN: setting(token, {
    value: "TOKEN",
    text: "The bearer token of the one HTTP caller, at least 16 characters.",
    example: "a-long-random-text",
  }),
  FIREWATCH_HTTP_TOKENS: setting(tokenHashes, {
    value: "NAME:SHA256,…",
    text: "Bearer tokens of several HTTP callers, as SHA-256 in hex, so that the records name who called.",
  }),
  SLACK_WEBHOOK_URL: setting(z.url({ protocol: /^https?$/, error: "not an http or https URL" }), {
    value: "URL",
    text: "Slack's incoming webhook for reports. They are posted in live mode; without it they are saved.",
    example: "https://hooks.slack.com/services/…",
  }),
  DATABASE_URL: setting(
    z.never({
      error:
        "PostgreSQL is not supported by this version. Unset it; records are kept in the state folder",
    }),
    { value: "URL", text: "Not supported by this version: when it is set, the start stops." },
  ),
  AWS_REGION: setting(region, {
    value: "REGION",
    text: "The AWS region when `--regions` is not given. Credentials and the other AWS_ variables are read by the AWS SDK.",
    example: "eu-west-1",
  }),
  AWS_DEFAULT_REGION: setting(region, {
    value: "REGION",
    text: "The AWS region when AWS_REGION is not set either.",
  }),
  AWS_PROFILE: setting(z.string(), {
    value: "NAME",
    text: "Which profile of the AWS configuration files to use.",
    example: "on-call",
  }),
  AWS_ENDPOINT_URL: setting(z.url({ protocol: /^https?$/, error: "not an http or https URL" }), {
    value: "URL",
    text: "Another endpoint than AWS's own, such as an emulator.",
  }),
  KUBECONFIG: setting(z.string(), {
    value: "FILE",
    text: "Kubernetes configuration files, when not ~/.kube/config.",
    example: "/home/you/.kube/config",
  }),
  BEDROCK_MODEL_ID: setting(z.string(), {
    value: "ID",
    text: "Accepted and ignored: the host that connects to Firewatch brings the model.",
  }),
});

/** A setting as people read of it. */
export interface Setting extends Notes {
  readonly key: string;
  readonly variable: string;
  readonly flag?: string;
}

/** `kubeContexts` is `--kube-contexts` and `FIREWATCH_KUBE_CONTEXTS`. */
export const settings: readonly (Setting & { readonly flag: string })[] = Object.entries(
  settingsSchema.shape,
).map(([key, schema]) => {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const variable = `FIREWATCH_${name.replaceAll("-", "_").toUpperCase()}`;
  return { ...about(schema), key, flag: `--${name}`, variable };
});

export const variables: readonly Setting[] = Object.entries(variablesSchema.shape).map(
  ([key, schema]) => ({ ...about(schema), key, variable: key }),
);

function about(schema: z.ZodType): Notes {
  const found = notes.get(schema);
  if (found === undefined) throw new Error("a setting without notes");
  return found;
}
