import { count } from "#domain/text/table.ts";
import { type ActionAnswer, actionAnswer } from "./answers.ts";
import type { Attempt, Case, Remedy } from "./case.ts";
import { remedies } from "./choose-remedy.ts";
import type { Guide } from "./guide.ts";

/** An action is asked after for so long and so often: a rollback with its check takes ten minutes at most. */
const WAIT_SECONDS = 45;
const MOST_WAITS = 20;

/** Plans the first remedy that fits and has it approved. One action is carried out at most. */
export async function tryRemedy(guide: Guide, found: Case): Promise<Attempt | undefined> {
  await guide.page.heading("Remedy");
  const ranked = remedies(found);
  for (const { tool, fits, why } of ranked) {
    await guide.page.says(`${fits ? "Fits" : "Does not fit"}: ${tool}, because ${why}.`);
  }
  for (const remedy of ranked.filter(({ fits }) => fits)) {
    const planned = await act(guide, remedy, reasonFor(found, remedy));
    if (planned === undefined) continue;
    const answer = await settled(guide, planned);
    await tell(guide, answer);
    return { remedy, answer };
  }
  return undefined;
}

/** Nothing when the tool refuses to plan it: then the next remedy is looked at. */
async function act({ look }: Guide, { tool, args }: Remedy, reason: string) {
  return await look(tool, { ...args, reason }, actionAnswer, outcomeLines);
}

function reasonFor({ trouble, symptom }: Case, { why }: Remedy): string {
  return `${trouble.primary.name} since ${symptom.onset}: ${why}.`;
}

/** The action once it is neither being applied nor verified. */
async function settled({ need }: Guide, planned: ActionAnswer): Promise<ActionAnswer> {
  let answer = planned;
  for (let waits = 0; answer.status === "running" && waits < MOST_WAITS; waits++) {
    const args = { action_id: answer.action_id, wait_seconds: WAIT_SECONDS };
    answer = await need("get_action", args, actionAnswer, outcomeLines);
  }
  return answer;
}

function outcomeLines({ status, plan, result, note, approve_command }: ActionAnswer) {
  return [
    `${status}: ${result?.summary ?? plan.summary}`,
    note,
    approve_command && `A person can still approve it: ${approve_command}`,
  ].filter((line) => line !== undefined);
}

async function tell({ page }: Guide, { verification }: ActionAnswer): Promise<void> {
  if (verification === undefined) return;
  await page.heading("Verification");
  const { outcome, at, checks } = verification;
  const failed = checks.filter(({ ok }) => !ok).length;
  await page.answered([
    `${outcome} at ${at}: ${count(checks.length, "check")}, ${failed} failed`,
    ...checks.map(({ ok, name, evidence }) => `${ok ? "✓" : "✗"} ${name}: ${evidence}`),
  ]);
}
