import { runbookAnswer, runbooksAnswer } from "./answers.ts";
import type { Lines, Workload } from "./case.ts";
import type { Guide } from "./guide.ts";

/** Longest line that the search takes. */
const MAX_LINE = 2000;

/** The runbook that fits best; its title. */
export async function seeRunbook(
  { look, page }: Guide,
  alarmName: string,
  { reason }: Workload,
  lines: Lines | undefined,
): Promise<string | undefined> {
  await page.heading("Runbook");
  const args = {
    alarm_name: alarmName,
    ...(reason ? { reason } : {}),
    ...(lines ? { log_line: lines.sample.slice(0, MAX_LINE) } : {}),
  };
  const found = await look("find_runbook", args, runbooksAnswer, ({ matches }) =>
    matches.length === 0
      ? ["None fits."]
      : matches.map(({ slug, because }) => `- ${slug}: ${because[0] ?? ""}`),
  );
  const [best] = found?.matches ?? [];
  if (best === undefined) return undefined;
  const read = await look("get_runbook", { slug: best.slug }, runbookAnswer, (runbook) => [
    `${runbook.title}, risk ${runbook.risk}:`,
    ...runbook.steps.map(({ name, tool }, i) => `${i + 1}. ${name}${tool ? ` (${tool})` : ""}`),
  ]);
  return read?.title;
}
