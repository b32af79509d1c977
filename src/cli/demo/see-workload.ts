import type { Row } from "./answers.ts";
import { type Rollout, rolloutAnswer, rowsAnswer } from "./answers.ts";
import type { Lines, Trouble, Workload } from "./case.ts";
import { logGroupsOf } from "./choose-alarm.ts";
import type { Guide } from "./guide.ts";
import { type Suspect, suspects, type Traces, workloadKinds } from "./suspects.ts";

const MOST_WORKLOADS = 100;
const MOST_SHOWN = 5;

/** The workload that the symptom belongs to, and the state of its rollout and pods. */
export async function seeWorkload(
  guide: Guide,
  { primary, alarms }: Trouble,
  lines: Lines | undefined,
): Promise<Workload | undefined> {
  await guide.page.heading("Workload");
  const logGroups = lines ? [lines.group] : logGroupsOf(primary, alarms);
  const suspect = await find(guide, { primary, logGroups, streams: lines?.streams ?? [] });
  if (suspect === undefined) {
    await guide.page.says("Nothing in the alarm or the logs points at a workload.");
    return undefined;
  }
  const { kind, namespace, name } = suspect;
  await guide.page.says(`${kind} ${namespace}/${name}: ${suspect.why.join(", ")}.`);
  const rollout = await seeRollout(guide, suspect);
  const selector = await seeDetails(guide, suspect);
  const reason = rollout && reasonOf(rollout);
  if (selector !== "") await seePods(guide, namespace, selector);
  await seeEvents(guide, namespace);
  return {
    suspect,
    ...(rollout ? { rollout } : {}),
    ...(reason ? { reason } : {}),
    releaseNames: releaseNames(selector, name),
  };
}

/** Deployments first; the other kinds only when none of these fits. */
async function find({ look }: Guide, traces: Traces): Promise<Suspect | undefined> {
  for (const kind of workloadKinds) {
    const args = { resource_type: `${kind}s`, all_namespaces: true, limit: MOST_WORKLOADS };
    const found = await look("kubectl_get", args, rowsAnswer, ({ summary, rows }) => [
      summary,
      ...rows.slice(0, MOST_SHOWN).map(workloadLine),
    ]);
    const [likeliest] = suspects(kind, found?.rows ?? [], traces);
    if (likeliest) return likeliest;
  }
  return undefined;
}

function workloadLine({ namespace = "", name = "", status = "", ready = "", images = "" }: Row) {
  return `- ${namespace}/${name} ${status} ${ready} ${images.split("/").at(-1) ?? ""}`;
}

async function seeRollout({ look }: Guide, { kind, namespace, name }: Suspect) {
  const args = { resource_type: kind, name, namespace };
  return await look("kubectl_rollout_status", args, rolloutAnswer, ({ state, why, ...rest }) => [
    `rollout ${state}: ${why}`,
    ...rest.pods
      .slice(0, 2)
      .map(({ name, status, last_exit }) => `- ${name} ${status}, last exit ${last_exit}`),
  ]);
}

async function seeDetails({ look }: Guide, { kind, namespace, name }: Suspect): Promise<string> {
  const args = { resource_type: `${kind}s`, namespace, name };
  const found = await look("kubectl_get", args, rowsAnswer, ({ rows: [row = {}] }) => {
    const { containers, reads } = row;
    return [containers, reads && `reads ${reads}`].filter((line) => line !== undefined);
  });
  return found?.rows[0]?.selector ?? "";
}

async function seePods({ look }: Guide, namespace: string, selector: string): Promise<void> {
  const args = { resource_type: "pods", namespace, label_selector: selector };
  await look("kubectl_get", args, rowsAnswer, ({ summary, rows }) => [
    summary,
    ...rows.slice(0, MOST_SHOWN).map(podLine),
  ]);
}

function podLine({ name = "", status = "", ready = "", restarts = "0", ...row }: Row): string {
  const exit = row.last_exit ? `, last exit ${row.last_exit}` : "";
  return `- ${name} ${status} ${ready}, ${restarts} restarts${exit}`;
}

async function seeEvents({ look }: Guide, namespace: string): Promise<void> {
  const args = { resource_type: "events", namespace, limit: MOST_SHOWN };
  await look("kubectl_get", args, rowsAnswer, ({ summary, rows }) => [
    summary,
    ...rows.slice(0, 3).map(eventLine),
  ]);
}

function eventLine({ last_seen = "", type = "", reason = "", object = "", ...row }: Row): string {
  return `- ${last_seen} ${type} ${reason} ${object}: ${row.message ?? ""}`;
}

/** `OOMKilled` of `137 OOMKilled 4m ago`; else what the pod's status says. */
export function reasonOf({ pods }: Pick<Rollout, "pods">): string | undefined {
  const exits = pods.flatMap(({ last_exit }) => /\b[A-Z][A-Za-z]{4,}\b/.exec(last_exit)?.[0] ?? []);
  return exits.find((reason) => reason !== "Error") ?? pods[0]?.status;
}

/** Charts label their objects with the release; many name the workload after it too. */
function releaseNames(selector: string, name: string): readonly string[] {
  const label = /app\.kubernetes\.io\/instance=([^,\s"]+)/.exec(selector)?.[1];
  return [...new Set([...(label ? [label] : []), name])];
}
