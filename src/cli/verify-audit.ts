import { firstBreak, GENESIS } from "#domain/approvals/audit.ts";
import { count } from "#domain/text/table.ts";
import type { Desk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";

const BATCH = 500;

/** Follows the chain of the audit log from its first record to its last. */
export async function verifyAudit({ office, terminal }: Desk): Promise<ExitCode> {
  const { audit } = await office.house.records();
  let last = { seq: 0, hash: GENESIS };
  for (;;) {
    const records = await audit.read(last.seq, BATCH);
    const broken = firstBreak(records, last);
    if (broken !== undefined) {
      terminal.warn(`Record ${broken} does not fit the one before it: the log was altered there.`);
      return exit.no;
    }
    const end = records.at(-1);
    if (end === undefined) break;
    last = { seq: end.seq, hash: end.hash };
  }
  terminal.say(
    `${count(last.seq, "record")}, each chained to the one before. Last hash: ${last.hash}`,
  );
  return exit.ok;
}
