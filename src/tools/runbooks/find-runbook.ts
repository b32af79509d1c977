import * as z from "zod";
import { count } from "#domain/text/table.ts";
import { defineQuery } from "#tools/define.ts";
import { proseField, textField } from "#tools/fields.ts";

/** More than three runbooks are a library, not an answer. */
const MOST = 3;
const MOST_LISTED = 100;

const entry = { slug: z.string(), title: z.string() };

export const findRunbook = defineQuery({
  name: "find_runbook",
  title: "Find a runbook",
  description:
    "Find runbooks by alarm name, Kubernetes reason, log line or words. Answers the best three with why each matched; without arguments, all.",
  needs: ["runbooks"],
  input: z.strictObject({
    query: textField(300).optional().describe("Words, such as timeouts."),
    alarm_name: textField(255).optional().describe("Alarm name."),
    reason: textField(100).optional().describe("Kubernetes reason, such as OOMKilled."),
    log_line: proseField(2048).optional().describe("A typical failing line."),
  }),
  output: z.object({
    matches: z.array(
      z.object({
        ...entry,
        description: z.string(),
        risk: z.string(),
        score: z.number(),
        because: z.array(z.string()),
      }),
    ),
    searched: z.int(),
    /** Every runbook, when none matches or nothing was asked. */
    all: z.array(z.object(entry)).optional(),
    /** Files that cannot be used. */
    broken: z.array(z.object({ file: z.string(), cause: z.string() })),
  }),
  async run({ query, alarm_name, reason, log_line }, { runbooks }) {
    const [known, broken] = await Promise.all([runbooks.list(), runbooks.broken()]);
    const { searchRunbooks } = await import("#domain/runbooks/search.ts");
    const signals = { alarmName: alarm_name, reason, logLine: log_line };
    const found = searchRunbooks(known, signals, query).slice(0, MOST);
    const all = known.slice(0, MOST_LISTED).map(({ slug, title }) => ({ slug, title }));
    return {
      matches: found.map(({ runbook: { slug, title, description, risk }, score, because }) => ({
        ...{ slug, title, description, risk },
        ...{ score, because: because.slice(0, 5) },
      })),
      searched: known.length,
      ...(found.length === 0 ? { all } : {}),
      broken: broken.slice(0, 10),
    };
  },
  render({ matches, searched, all = [], broken }) {
    const faults = broken.map(({ file, cause }) => `Not usable: ${file}, ${cause}.`);
    if (matches.length > 0) {
      const found = matches.map(
        ({ slug, title, risk, because, description }) =>
          `- ${slug}: ${title} (risk ${risk})\n  Because ${because.join("; ")}.\n  ${description}`,
      );
      return [
        `${count(matches.length, "runbook")} of ${searched} found, best first.`,
        ...found,
        `Next: get_runbook with slug ${matches[0]?.slug}.`,
        ...faults,
      ].join("\n");
    }
    const rows = all.map(({ slug, title }) => `- ${slug}: ${title}`);
    return [`No runbook was singled out; there are ${searched}:`, ...rows, ...faults].join("\n");
  },
});
