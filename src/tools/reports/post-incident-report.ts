import * as z from "zod";
import { toJson } from "#domain/json.ts";
import { type RenderedReport, renderReport } from "#domain/reports/render.ts";
import { type Report, severities } from "#domain/reports/report.ts";
import type { ReportInput } from "#domain/reports/sections.ts";
import { clip } from "#domain/text/untrusted.ts";
import { HOUR, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import { type Call, defineRecord } from "#tools/define.ts";
import { intField, proseField, textField } from "#tools/fields.ts";

/** As much of the report as an answer carries; the whole is a resource. */
const MAX_SHOWN = 4000;

const reportInput = z.strictObject({
  summary: proseField(8000).describe("The incident in short, with values and times."),
  severity: z.enum(severities).default("P2").describe("P1 critical, P2 high, P3 medium, P4 low."),
  title: textField(120).optional().describe("Headline."),
  what_happened: proseField(8000).optional().describe("Alarms, metric values, timeline."),
  root_cause: proseField(4000).optional().describe("Why it happened, with evidence."),
  follow_ups: z.array(textField(300)).max(20).default([]).describe("What to watch or do next."),
  hours_back: intField(1, 168).default(6).describe("How far back to list changes."),
});

export const postIncidentReport = defineRecord({
  name: "post_incident_report",
  title: "Post an incident report",
  description:
    "Write and save the incident report; live with Slack, post it. Adds recorded changes and their verification. Name alarms with values and times.",
  needs: ["reports", "actions", "clock"],
  input: reportInput,
  output: z.object({
    id: z.string(),
    severity: z.enum(severities),
    title: z.string(),
    /** `slack`: posted and saved. `saved`: saved only. */
    delivery: z.enum(["slack", "saved"]),
    note: z.string(),
    changes: z.int(),
    markdown: z.string(),
    uri: z.string(),
  }),
  async run(input, { reports, actions, clock }, call) {
    const createdAt = clock.now();
    const lookedBackMs = input.hours_back * HOUR;
    const changes = await actions.appliedSince(shift(createdAt, -lookedBackMs));
    const facts = { createdAt, actions: changes, lookedBackMs };
    const rendered = renderReport(authored(input), facts);
    const { id, title, markdown, message } = rendered;
    const { severity } = input;
    const before = await reports.get(id);
    const { delivery, note } = before ? writtenBefore(before) : await deliver(rendered, call);
    if (before === undefined) {
      const sent = delivery === "slack" ? { sent: toJson(message) } : {};
      await reports.save({ id, severity, title, markdown, createdAt, delivery, ...sent });
    }
    return {
      ...{ id, severity, title, delivery, note, changes: changes.length },
      ...{ markdown: clip(markdown, MAX_SHOWN), uri: `report://${id}` },
    };
  },
  render: ({ id, note, markdown }) => `${note} Print it: firewatch report ${id}\n\n${markdown}`,
});

function authored(given: z.output<typeof reportInput>): ReportInput {
  const { severity, summary, title, what_happened, root_cause, follow_ups } = given;
  const story = { whatHappened: what_happened, rootCause: root_cause, followUps: follow_ups };
  return { severity, summary, title, ...story };
}

interface Delivery {
  readonly delivery: "slack" | "saved";
  readonly note: string;
}

/** The same words at the same moment have the same id. */
function writtenBefore({ id, delivery }: Report): Delivery {
  return { delivery, note: `Report ${id} was written before; it is not sent again.` };
}

/** A report that Slack does not take is saved all the same. */
async function deliver({ id, message }: RenderedReport, call: Call): Promise<Delivery> {
  const kept = (why: string) => ({
    delivery: "saved" as const,
    note: `Report ${id} is saved, not posted: ${why}`,
  });
  if (call.mode !== "live")
    return kept(`messages leave only in live mode, and this is ${call.mode}.`);
  if (!call.chat) return kept("no Slack webhook is configured (SLACK_WEBHOOK_URL).");
  try {
    await call.chat.post(message, call.signal);
    return { delivery: "slack", note: `Report ${id} is posted to Slack and saved.` };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return kept(`${error.message} ${error.hint}`);
  }
}
