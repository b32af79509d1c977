import type { Report } from "#domain/reports/report.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { aligned } from "./aligned.ts";
import type { Desk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";

const MOST = 50;

/** Prints a saved report, or the list of them. */
export async function report(desk: Desk): Promise<ExitCode> {
  const { office, terminal, words, flags, config } = desk;
  const { reports } = await office.house.records();
  const [id] = words;
  const found = id === undefined ? await reports.list(flags.has("--list") ? MOST : 1) : [];
  const named = id === undefined ? found[0] : await reports.get(id);
  if (flags.has("--list")) {
    terminal.say(found.length === 0 ? `No report in ${config.stateDir}.` : list(found));
    return exit.ok;
  }
  if (named !== undefined) {
    terminal.say(named.markdown);
    return exit.ok;
  }
  terminal.warn(
    id === undefined
      ? `No report in ${config.stateDir}. In the sandbox, add --sandbox.`
      : `No report ${id} in ${config.stateDir}. \`firewatch report --list\` shows those there are.`,
  );
  return exit.no;
}

function list(reports: readonly Report[]): string {
  const row = ({ id, createdAt, severity, delivery, title }: Report) => [
    id,
    isoSeconds(createdAt),
    severity,
    delivery,
    title,
  ];
  return aligned([["ID", "WRITTEN", "SEVERITY", "SENT", "TITLE"], ...reports.map(row)]);
}
