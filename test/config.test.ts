import { describe, expect, test } from "vitest";
import { parseConfig, readCommandLine } from "#config.ts";

const sha256 = "a".repeat(64);

async function parse(argv: string, env: Record<string, string> = {}, file?: string) {
  const line = readCommandLine(argv.split(" ").filter((word) => word !== ""));
  return parseConfig(line, {
    env,
    home: "/home/ada",
    cwd: "/work",
    readFile: (path) => {
      if (file === undefined) throw new Error(`no such file: ${path}`);
      return file;
    },
    toolsets: async () => ["alarms", "kubernetes"],
    scenarios: async () => ["customer-etl", "quiet-night"],
  });
}

async function accepted(argv: string, env: Record<string, string> = {}, file?: string) {
  const parsed = await parse(argv, env, file);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.value;
}

async function problems(argv: string, env: Record<string, string> = {}, file?: string) {
  const parsed = await parse(argv, env, file);
  return parsed.ok ? "" : parsed.problems.join("\n");
}

test("without settings it plans and changes nothing, on stdio, in the user's state folder", async () => {
  expect(await accepted("")).toEqual({
    mode: "dry-run",
    namespaces: ["*"],
    logGroups: ["*"],
    kubeContexts: [],
    regions: [],
    stateDir: "/home/ada/.local/state/firewatch",
    policy: { path: "/home/ada/.local/state/firewatch/policy.yaml", named: false },
    callSeconds: 45,
    environment: {},
    remarks: [],
  });
});

describe("where a value comes from", () => {
  test("a flag wins over its variable, the environment over the file", async () => {
    const file =
      "FIREWATCH_NAMESPACES=from-file\nFIREWATCH_REGIONS=eu-west-3\nFIREWATCH_LOG_GROUPS=/f/*";
    const env = { FIREWATCH_NAMESPACES: "from-env", FIREWATCH_REGIONS: "eu-west-2" };
    const config = await accepted("--env-file x.env --namespaces from-flag", env, file);
    expect(config).toMatchObject({
      namespaces: ["from-flag"],
      regions: ["eu-west-2"],
      logGroups: ["/f/*"],
    });
  });

  test("an empty variable counts as not set and does not hide the file's", async () => {
    const env = { FIREWATCH_ENV_FILE: "x.env", FIREWATCH_MODE: "", AWS_PROFILE: "" };
    const config = await accepted("", env, "FIREWATCH_MODE=live\nAWS_PROFILE=on-call");
    expect(config).toMatchObject({ mode: "live", environment: { AWS_PROFILE: "on-call" } });
  });

  test.each([
    ["--kube-contexts prod,staging", { kubeContexts: ["prod", "staging"] }],
    ["--kube-contexts=prod, --mode live", undefined],
    ["--call-seconds 10", { callSeconds: 10 }],
    ["--sandbox", { mode: "live", sandbox: { scenario: "customer-etl" } }],
    ["--sandbox --seed 7", { sandbox: { scenario: "customer-etl", seed: 7 } }],
    ["--sandbox quiet-night --mode dry-run", { mode: "dry-run" }],
    ["--sandbox", { stateDir: "/home/ada/.local/state/firewatch/sandbox" }],
    ["--sandbox --state-dir here", { stateDir: "/work/here" }],
    ["--policy p.yaml", { policy: { path: "/work/p.yaml", named: true } }],
    ["--toolsets default,kubernetes", { toolsets: ["default", "kubernetes"] }],
    ["--http", { http: { host: "127.0.0.1", port: 8080 } }],
    ["--http 9000", { http: { host: "127.0.0.1", port: 9000 } }],
    ["--http :9000", { http: { host: "127.0.0.1", port: 9000 } }],
    ["--http 127.0.0.1:0", { http: { host: "127.0.0.1", port: 0 } }],
    ["--http localhost:9000", { http: { host: "localhost", port: 9000 } }],
    ["--http [::1]:9000", { http: { host: "::1", port: 9000 } }],
  ])("%s", async (argv, expected) => {
    if (expected === undefined) expect(await problems(argv)).not.toBe("");
    else expect(await accepted(argv)).toMatchObject(expected);
  });

  test.each([
    [{ FIREWATCH_SANDBOX: "quiet-night" }, { sandbox: { scenario: "quiet-night" } }],
    [{ FIREWATCH_SANDBOX: "true" }, { sandbox: { scenario: "customer-etl" } }],
    [{ FIREWATCH_HTTP: "true" }, { http: { port: 8080 } }],
    [{ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" }, { regions: ["eu-west-1"] }],
    [{ AWS_DEFAULT_REGION: "us-east-1" }, { regions: ["us-east-1"] }],
    [{ XDG_STATE_HOME: "/state" }, { stateDir: "/state/firewatch" }],
    [{ SLACK_WEBHOOK_URL: "https://h/x" }, { slackWebhookUrl: "https://h/x" }],
  ])("%o", async (env, expected) => {
    expect(await accepted("", env)).toMatchObject(expected);
  });

  test("false switches off what a flag alone switches on", async () => {
    const config = await accepted("", { FIREWATCH_SANDBOX: "false", FIREWATCH_HTTP: "false" });
    expect([config.sandbox, config.http]).toEqual([undefined, undefined]);
  });

  test("the sample's model setting is accepted and explained away", async () => {
    const { remarks } = await accepted("", { BEDROCK_MODEL_ID: "some-model" });
    expect(remarks).toEqual([
      "BEDROCK_MODEL_ID is ignored: the host that connects to Firewatch brings the model.",
    ]);
  });
});

describe("mode and DRY_RUN", () => {
  test.each([
    ["", "true", "dry-run"],
    ["", "false", "live"],
    ["", "False", "live"],
    ["--sandbox", undefined, "live"],
    ["--sandbox", "true", "dry-run"],
    ["--mode read-only", "true", "read-only"],
    ["--mode dry-run", "true", "dry-run"],
    ["--mode live", "false", "live"],
  ])("%s with DRY_RUN=%s is %s", async (argv, dryRun, mode) => {
    const env = dryRun === undefined ? {} : { DRY_RUN: dryRun };
    expect(await accepted(argv, env)).toMatchObject({ mode });
  });

  test.each([
    ["--mode live", "true"],
    ["--mode dry-run", "false"],
    ["--mode read-only", "false"],
  ])("%s contradicts DRY_RUN=%s", async (argv, dryRun) => {
    expect(await problems(argv, { DRY_RUN: dryRun })).toContain(
      `DRY_RUN=${dryRun} contradicts --mode`,
    );
  });
});

describe("what stops the start", () => {
  test.each([
    ["--mode liv", '--mode: "liv" is not one of read-only, dry-run, live.'],
    ["--mode=", '--mode: "" is not one of'],
    ["--mode", "--mode needs a value."],
    ["--mode --sandbox", "--mode needs a value."],
    ["--mode live --mode live", "--mode is given twice."],
    ["--mod live", "There is no flag --mod. Did you mean --mode?"],
    ["-x", "There is no flag -x."],
    ["--namespaces a,,b", "--namespaces:"],
    ["--namespaces=", "--namespaces:"],
    ["--regions eu-*", "not an AWS region"],
    ["--call-seconds 51", "not a whole number from 1 to 50"],
    ["--call-seconds 0", "not a whole number from 1 to 50"],
    ["--call-seconds 4.5", "not a whole number from 1 to 50"],
    ["--call-seconds=-4", "not a whole number from 1 to 50"],
    ["--call-seconds 1e9", "not a whole number from 1 to 50"],
    ["--sandbox checkout", '--sandbox: there is no "checkout"'],
    ["--sandbox quiet-nigt", "Did you mean quiet-night? There are: customer-etl, quiet-night."],
    ["--seed 3", "--seed belongs to --sandbox."],
    ["--toolsets kubernets", "Did you mean kubernetes?"],
    ["--toolsets default,,", "--toolsets:"],
    ["--http 127.0.0.1:99999", "not an address"],
    ["--http host:port", "not an address"],
    ["--http http://127.0.0.1:8080", "not an address"],
    ["--http [localhost]:80", "not an address"],
    ["--http 0.0.0.0:8080", "callers need a token"],
    ["--http [::]:8080", "callers need a token"],
    ["--http firewatch.example.com:8080", "callers need a token"],
    ["--http --allowed-hosts fw:80", "not a list of host names without ports"],
    ["--http --allowed-origins example.com", "not a list of origins"],
    [
      "--env-file missing.env",
      "--env-file: the file cannot be read: no such file: /work/missing.env",
    ],
    ["serve", "There is no command serve"],
    ["aprove ABCD-EFGH", "Did you mean approve?"],
    ["approve", "Usage: firewatch approve CODE"],
    ["approve A B", "Usage: firewatch approve CODE"],
    ["approvals --list", "There is no flag --list"],
  ])("%s", async (argv, expected) => {
    expect(await problems(argv)).toContain(expected);
  });

  test.each([
    [
      { FIREWATCH_MOED: "live" },
      "There is no variable FIREWATCH_MOED. Did you mean FIREWATCH_MODE?",
    ],
    [{ FIREWATCH_MODE: "LIVE!" }, "FIREWATCH_MODE: not one of read-only, dry-run, live."],
    [{ DRY_RUN: "maybe" }, "DRY_RUN: not true or false."],
    [{ DRY_RUN: "true", FIREWATCH_MODE: "live" }, "contradicts FIREWATCH_MODE live"],
    [{ DATABASE_URL: "postgres://u:secret@h/d" }, "PostgreSQL is not supported"],
    [{ SLACK_WEBHOOK_URL: "hooks" }, "SLACK_WEBHOOK_URL: not an http or https URL."],
    [{ FIREWATCH_HTTP_TOKEN: "short" }, "shorter than 16 characters"],
    [{ FIREWATCH_HTTP_TOKENS: "ada" }, "not a list of name:sha256"],
    [{ FIREWATCH_HTTP_TOKENS: `ada:${sha256},ada:${sha256}` }, "names a caller twice"],
    [{ AWS_REGION: "Ireland" }, "AWS_REGION: not an AWS region"],
  ])("%o", async (env, expected) => {
    expect(await problems("", env)).toContain(expected);
  });

  test("everything wrong is listed at once", async () => {
    const text = await problems("--mod x --seed a --http 1:2:3", {
      FIREWATCH_X: "1",
      DRY_RUN: "?",
    });
    for (const name of ["--mod", "--seed", "--http", "FIREWATCH_X", "DRY_RUN"]) {
      expect(text).toContain(name);
    }
  });

  test("a variable's value, which may be a secret, is not repeated", async () => {
    const env = { DATABASE_URL: "postgres://u:hunter2@h/d", FIREWATCH_HTTP_TOKEN: "hunter2" };
    expect(await problems("", env)).not.toContain("hunter2");
  });
});

describe("HTTP callers", () => {
  test("an address that others can reach is fine with tokens", async () => {
    const env = {
      FIREWATCH_HTTP_TOKEN: "correct-horse-battery",
      FIREWATCH_HTTP_TOKENS: `ada:${sha256}`,
    };
    const { http } = await accepted("--http 0.0.0.0:8080 --allowed-hosts fw.example.com", env);
    expect(http).toMatchObject({
      host: "0.0.0.0",
      tokens: [{ name: "http" }, { name: "ada", sha256 }],
      allowedHosts: ["fw.example.com"],
    });
  });
});

test("a command keeps its words and flags", () => {
  const line = readCommandLine(["report", "rep_1", "--list", "--state-dir", "/s"]);
  expect(line).toMatchObject({ command: { name: "report" }, words: ["rep_1"], problems: [] });
  expect(line.flags.has("--list")).toBe(true);
});
