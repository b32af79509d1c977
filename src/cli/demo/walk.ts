import { reportAnswer } from "./answers.ts";
import type { Attempt, Case, Ending, Recovery, Trouble } from "./case.ts";
import type { Guide } from "./guide.ts";
import { quietRound } from "./quiet.ts";
import { seeRecovery } from "./recovery.ts";
import { tryRemedy } from "./remedy.ts";
import { seeAlarms } from "./see-alarms.ts";
import { seeLogs } from "./see-logs.ts";
import { seeMetric } from "./see-metric.ts";
import { seeReleases } from "./see-releases.ts";
import { seeRunbook } from "./see-runbook.ts";
import { seeWorkload } from "./see-workload.ts";
import { reportArgs } from "./story.ts";

/**
 * An incident from alarm to report, by what the tools answer alone: no name, time, revision or remedy is known
 * beforehand. Nothing is changed unless something fires, and then once at most.
 */
export async function walk(guide: Guide): Promise<Ending> {
  const trouble = await seeAlarms(guide);
  if (trouble === undefined) return await quietRound(guide);
  const found = await investigate(guide, trouble);
  if (found === undefined) return { outcome: "open", why: "the workload behind it was not found" };
  const attempt = await tryRemedy(guide, found);
  const recovery =
    attempt?.answer.status === "applied" ? await seeRecovery(guide, found) : undefined;
  await report(guide, found, attempt, recovery);
  return ending(attempt, recovery);
}

async function investigate(guide: Guide, trouble: Trouble): Promise<Case | undefined> {
  const { primary } = trouble;
  const symptom = await seeMetric(guide, primary);
  const lines = await seeLogs(guide, trouble, symptom.onset);
  const workload = await seeWorkload(guide, trouble, lines);
  if (workload === undefined) return undefined;
  const releases = await seeReleases(guide, workload, symptom.onset);
  const runbook = await seeRunbook(guide, primary.name, workload, lines);
  return {
    ...{ trouble, symptom, workload },
    ...(lines ? { lines } : {}),
    ...(releases ? { releases } : {}),
    ...(runbook ? { runbook } : {}),
  };
}

async function report(
  { look, page }: Guide,
  found: Case,
  attempt: Attempt | undefined,
  recovery: Recovery | undefined,
): Promise<void> {
  await page.heading("Report");
  const args = reportArgs(found, attempt, recovery);
  await look("post_incident_report", args, reportAnswer, ({ note, markdown }) => [
    note,
    "",
    ...markdown.split("\n"),
  ]);
}

function ending(attempt: Attempt | undefined, recovery: Recovery | undefined): Ending {
  if (recovery?.healed)
    return { outcome: "healed", why: "the alarms are quiet and the change was verified" };
  if (recovery)
    return {
      outcome: "open",
      why: `still firing: ${recovery.firing.join(", ") || "nothing, but the metric is over its limit"}`,
    };
  if (attempt) return { outcome: "open", why: `the action ended as ${attempt.answer.status}` };
  return { outcome: "open", why: "no remedy could be planned" };
}
