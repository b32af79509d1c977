import * as z from "zod";
import { type Release, releaseStatuses } from "#domain/helm/release.ts";
import { bySeverity, releaseTrouble } from "#domain/helm/trouble.ts";
import { count, table } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { withinTokens } from "#domain/text/tokens.ts";
import type { Ports } from "#ports/index.ts";
import { defineQuery } from "#tools/define.ts";
import { limitField, namespaceField } from "#tools/fields.ts";
import { namespaceError } from "#tools/kubernetes/missing.ts";
import type { Call } from "#tools/tool.ts";

/** Room for the rows, as JSON, so that an answer stays below 2,000 tokens. */
const MAX_TOKENS = 1_500;
const MAX_ROWS = 100;

const input = z.strictObject({
  namespace: namespaceField,
  all_namespaces: z.boolean().default(false).describe("Every namespace."),
  status: z
    .enum(["any", "trouble", "deployed", "failed", "pending"])
    .default("any")
    .describe("trouble: all that are not well."),
  limit: limitField(20, MAX_ROWS),
});
type Input = z.output<typeof input>;

const releaseRow = z.object({
  name: z.string(),
  namespace: z.string(),
  status: z.enum(releaseStatuses),
  revision: z.int(),
  chart: z.string(),
  app_version: z.string(),
  updated_at: z.iso.datetime(),
  meaning: z.string().optional().describe("Present when it is in trouble."),
});

const output = z.object({
  namespace: z.string().optional().describe("Absent when all were searched."),
  total: z.int().describe("Releases of that status."),
  by_status: z.record(z.string(), z.int()).describe("Of all releases searched."),
  releases: z.array(releaseRow).max(MAX_ROWS).describe("Those in trouble first."),
  left_out: z.int(),
  next: z.string(),
});
type Output = z.output<typeof output>;

export const helmList = defineQuery({
  name: "helm_list",
  title: "List Helm releases",
  description:
    "Helm releases with status, revision and chart; those in trouble (failed, pending) first, with what that means.",
  needs: ["releases", "workloads", "clock"],
  place: "cluster",
  input,
  output,
  async run(asked, ports, call) {
    const now = ports.clock.now();
    const all = await releasesIn(asked, ports, call);
    const chosen = all.filter((release) => matches(release, asked, now)).toSorted(bySeverity(now));
    const rows = withinTokens(
      chosen.slice(0, asked.limit).map((release) => rowOf(release, now)),
      MAX_TOKENS,
    );
    return {
      ...(asked.all_namespaces ? {} : { namespace: asked.namespace }),
      total: chosen.length,
      by_status: byStatus(all),
      releases: rows,
      left_out: chosen.length - rows.length,
      next: nextStep(asked, rows, all.length),
    };
  },
  render: (found) => [headline(found), ...listText(found), found.next].filter(Boolean).join("\n"),
});

/** The releases. None at all is an answer, unless the namespace does not exist. */
async function releasesIn(
  { namespace, all_namespaces }: Input,
  { releases, workloads }: Pick<Ports, "releases" | "workloads">,
  { signal }: Call,
): Promise<readonly Release[]> {
  if (all_namespaces) return releases.list({}, signal);
  const found = await releases.list({ namespace }, signal);
  if (found.length > 0) return found;
  const error = await namespaceError(namespace, workloads, signal);
  if (error) throw error;
  return [];
}

function matches(release: Release, { status }: Input, now: Date): boolean {
  switch (status) {
    case "any":
      return true;
    case "trouble":
      return releaseTrouble(release, now) !== undefined;
    case "pending":
      return release.status.startsWith("pending-");
    case "deployed":
    case "failed":
      return release.status === status;
  }
}

function byStatus(releases: readonly Release[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(releases, ({ status }) => status);
  return Object.fromEntries([...groups].map(([status, { length }]) => [status, length]));
}

function rowOf(release: Release, now: Date): z.input<typeof releaseRow> {
  const { name, namespace, status, revision, chart, appVersion, updatedAt } = release;
  const meaning = releaseTrouble(release, now);
  return {
    name,
    namespace,
    status,
    revision,
    chart,
    app_version: appVersion,
    updated_at: isoSeconds(updatedAt),
    ...(meaning === undefined ? {} : { meaning }),
  };
}

type RowIn = z.input<typeof releaseRow>;

function nextStep(asked: Input, rows: readonly RowIn[], known: number): string {
  const troubled = rows.find(({ meaning }) => meaning !== undefined);
  if (troubled) return `helm_history of ${troubled.name} tells what happened to it.`;
  if (rows.length > 0) return "";
  if (known > 0) return "Set status to any to see the others.";
  return asked.all_namespaces
    ? "Every namespace that may be read was searched."
    : "Set all_namespaces to search the others.";
}

function headline({ namespace, total, by_status, releases }: Output): string {
  const where = namespace === undefined ? "in all namespaces" : `in namespace ${namespace}`;
  const states = Object.entries(by_status).map(([status, n]) => `${n} ${status}`);
  const all = states.length > 0 ? ` (of all: ${states.join(", ")})` : "";
  return `${total === 0 ? "No releases" : count(total, "release")} ${where}${all}${releases.length > 0 ? ":" : "."}`;
}

function listText({ releases, left_out }: Output): readonly string[] {
  if (releases.length === 0) return [];
  const rows = releases.map((row) => [
    row.namespace,
    row.name,
    row.status,
    `${row.revision}`,
    row.chart,
    row.app_version,
    row.updated_at,
  ]);
  const head = ["namespace", "release", "status", "revision", "chart", "app", "updated"];
  const meanings = Map.groupBy(
    releases.filter(({ meaning }) => meaning !== undefined),
    ({ meaning = "" }) => meaning,
  );
  return [
    table(head, rows),
    ...[...meanings].map(
      ([meaning, own]) => `${own.map(({ name }) => name).join(", ")}: ${meaning}`,
    ),
    ...(left_out > 0
      ? [`${left_out} left out; raise limit or narrow by namespace or status.`]
      : []),
  ];
}
