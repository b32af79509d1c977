import { digest } from "#domain/digest.ts";
import { toJson } from "#domain/json.ts";
import { cleanText } from "#domain/text/redact.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { reportMarkdown } from "./markdown.ts";
import { type ReportFacts, type ReportInput, reportSections, reportTitle } from "./sections.ts";
import { reportBlocks, slackText } from "./slack.ts";

export interface RenderedReport {
  readonly id: string;
  readonly title: string;
  readonly markdown: string;
  /** For Slack: `text` is what a notification shows. */
  readonly message: {
    readonly text: string;
    readonly blocks: readonly Readonly<Record<string, unknown>>[];
  };
}

/** A report as a document and as a message, without secrets, from what its author says and what the record holds. */
export function renderReport(input: ReportInput, facts: ReportFacts): RenderedReport {
  const id = reportId(input, facts);
  const title = cleanText(`${input.severity}: ${reportTitle(input)}`);
  const byline = `${id}, written ${isoSeconds(facts.createdAt)}`;
  const sections = reportSections(input, facts).map(({ heading, lines }) => ({
    heading,
    lines: lines.map(cleanText),
  }));
  const more = `The rest is in report ${id}: firewatch report ${id}`;
  return {
    id,
    title,
    markdown: reportMarkdown({ title, byline }, sections),
    message: { text: slackText(title), blocks: reportBlocks({ title, byline }, sections, more) },
  };
}

/** The day, and a digest of what is told and when, so that no chance is needed. */
function reportId(input: ReportInput, { createdAt }: ReportFacts): string {
  const mark = digest(toJson({ ...input, createdAt })).slice(0, 8);
  return `RPT-${createdAt.toISOString().slice(0, 10).replaceAll("-", "")}-${mark}`;
}
