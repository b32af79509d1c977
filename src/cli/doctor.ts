import type { DoctorCheck } from "#domain/doctor.ts";
import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import type { House } from "#ports/index.ts";
import { aligned } from "./aligned.ts";
import type { Desk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";

type Checks = Promise<readonly DoctorCheck[]>;

/** A backend that has not answered by then does not work. */
const PATIENCE_MS = 30_000;

/** Tries everything that is configured, for real, and says what to do about what fails. */
export async function doctor(desk: Desk): Promise<ExitCode> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const checks = await Promise.all([...ownChecks(desk), ...worldChecks(desk, signal)]);
  const all = checks.flat();
  desk.terminal.say(aligned(all.map(({ status, subject, detail }) => [status, subject, detail])));
  const fixes = all.flatMap(({ subject, fix }) =>
    fix === undefined ? [] : [`${subject}: ${fix}`],
  );
  if (fixes.length > 0)
    desk.terminal.say(["", "What to do", ...fixes.map((fix) => `- ${fix}`)].join("\n"));
  const failed = all.filter(({ status }) => status === "failed").length;
  desk.terminal.say(
    `\n${failed === 0 ? "All that is configured works." : `${count(failed, "check")} failed.`}`,
  );
  return failed === 0 ? exit.ok : exit.no;
}

function ownChecks({ office: { house }, config }: Desk): Checks[] {
  return [
    tried("store", async () => {
      await (await house.records()).audit.read(0, 1);
      return config.stateDir;
    }),
    tried("policy", async () => {
      const { rules } = await house.policy.load();
      const { path } = config.policy;
      return rules.length === 0
        ? "a person for every action"
        : `${count(rules.length, "rule")} in ${path}`;
    }),
    runbooks(house),
  ];
}

async function runbooks({ runbooks: { list, broken } }: House): Checks {
  const good = await tried("runbooks", async () => `${(await list()).length} can be used`);
  const bad = (await broken()).map(({ file, cause }) => ({
    subject: `runbook ${file}`,
    status: "failed" as const,
    detail: cause,
    fix: "Mend the file; it is not offered until then.",
  }));
  return [...good, ...bad];
}

function worldChecks({ config }: Desk, signal: AbortSignal): Checks[] {
  const { sandbox, environment: env, regions, logGroups, slackWebhookUrl } = config;
  if (sandbox !== undefined) {
    const detail = `scenario ${sandbox.scenario}; no backend is touched`;
    return [Promise.resolve([{ subject: "sandbox", status: "ok", detail }])];
  }
  return [
    guarded("Kubernetes", async () => {
      const { checkClusters } = await import("#adapters/live-clusters.ts");
      return checkClusters({ ...clusterAccess(config), env }, signal);
    }),
    guarded("AWS", async () => {
      const { checkRegions } = await import("#adapters/live-regions.ts");
      return checkRegions({ regions, env, logGroups }, signal);
    }),
    guarded("Slack", async () => {
      const { checkSlack } = await import("#adapters/slack/check.ts");
      return checkSlack(slackWebhookUrl, signal);
    }),
  ];
}

/** Rights are asked for by name: a namespace known only by a pattern is asked for as all of them. */
function clusterAccess({
  kubeContexts: contexts,
  namespaces,
  mode,
  toolsets = [],
}: Desk["config"]) {
  const byPattern = namespaces.some((name) => name.includes("*"));
  return {
    ...{ contexts, changes: mode === "live", toolsets },
    namespaces: byPattern ? [] : namespaces,
  };
}

function tried(subject: string, check: () => Promise<string>): Checks {
  return guarded(subject, async () => [{ subject, status: "ok", detail: await check() }]);
}

/** One check that breaks in an unforeseen way must not hide the others. */
function faultOf(error: unknown) {
  if (error instanceof OpsError) return { detail: error.message, fix: error.hint };
  return {
    detail: String(error),
    fix: "This is a fault in Firewatch: report it with these lines.",
  };
}

async function guarded(subject: string, check: () => Checks): Checks {
  try {
    return await check();
  } catch (error) {
    return [{ subject, status: "failed", ...faultOf(error) }];
  }
}
