import * as z from "zod";
import { diffContent } from "#domain/helm/diff.ts";
import { diffRows } from "#domain/helm/diff-rows.ts";
import { type Revision, releaseStatuses } from "#domain/helm/release.ts";
import { count } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { untrustedBlock } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";
import { defineQuery } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import { releaseHistory } from "./find-release.ts";
import { requireRevision } from "./require-revision.ts";

/** Room for the lines, so that an answer stays below 2,000 tokens, and objects that are named. */
const MAX_TOKENS = 1_000;
const MAX_OBJECTS = 30;

const side = z.object({
  revision: z.int(),
  status: z.enum(releaseStatuses),
  chart: z.string(),
  app_version: z.string(),
  updated_at: z.iso.datetime(),
});

const output = z.object({
  release: z.string(),
  namespace: z.string(),
  from: side,
  to: side,
  values: z.array(z.string()).describe("Values given by the user, before → after."),
  objects: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        change: z.enum(["added", "removed", "changed"]),
        lines: z.array(z.string()),
      }),
    )
    .max(MAX_OBJECTS),
  noise: z.int().describe("Version labels and checksums that differ too."),
  left_out_objects: z.int(),
  left_out_lines: z.int(),
  next: z.string(),
});
type Output = z.output<typeof output>;

const revisionField = intField(1, 1_000_000).optional();

export const helmDiff = defineQuery({
  name: "helm_diff",
  title: "Compare two revisions of a release",
  description:
    "What differs between two revisions of a Helm release: values and manifests, by object and field; noise folded, secrets hidden.",
  needs: ["releases"],
  place: "cluster",
  input: z.strictObject({
    release: kubeNameField.describe("Helm release."),
    namespace: namespaceField,
    from: revisionField.describe("Default: the one before to."),
    to: revisionField.describe("Default: the current one."),
  }),
  output,
  untrusted: ["values[]", "objects[].lines[]"],
  async run({ release: name, namespace, ...asked }, { releases }, { signal }) {
    const release = { name, namespace };
    const history = await releaseHistory(releases, release, signal);
    const [from, to] = sides(history, asked.from, asked.to);
    const [before, after] = await Promise.all([
      releases.content(release, from.revision, signal),
      releases.content(release, to.revision, signal),
    ]);
    const rows = diffRows(diffContent(before, after), MAX_TOKENS);
    return {
      release: name,
      namespace,
      from: sideOf(from),
      to: sideOf(to),
      values: [...rows.values],
      objects: rows.objects.slice(0, MAX_OBJECTS).map((row) => ({ ...row, lines: [...row.lines] })),
      noise: rows.noise,
      left_out_objects: Math.max(0, rows.objects.length - MAX_OBJECTS),
      left_out_lines: rows.leftOut,
      next:
        rows.leftOut > 0
          ? `helm_get_values of revisions ${from.revision} and ${to.revision} shows values whole.`
          : "",
    };
  },
  render: (found) => [headline(found), ...body(found), found.next].filter(Boolean).join("\n"),
});

function sides(
  history: readonly Revision[],
  askedFrom: number | undefined,
  askedTo: number | undefined,
): readonly [Revision, Revision] {
  const to = requireRevision(history, askedTo);
  const older = history.filter(({ revision }) => revision < to.revision);
  if (askedFrom === undefined && older.length === 0) throw nothingBefore(to);
  const from = requireRevision(askedFrom === undefined ? older : history, askedFrom);
  if (from.revision !== to.revision) return [from, to];
  throw new OpsError(
    "invalid_input",
    `from and to are both revision ${to.revision}.`,
    "Name two revisions, or leave them out.",
  );
}

function nothingBefore({ revision }: Revision): OpsError {
  return new OpsError(
    "not_found",
    `No revision before ${revision} is kept.`,
    "helm_get_values shows what it was installed with.",
  );
}

function sideOf({ revision, status, chart, appVersion, updatedAt }: Revision) {
  return { revision, status, chart, app_version: appVersion, updated_at: isoSeconds(updatedAt) };
}

function headline({ release, namespace, from, to }: Output): string {
  return `Release ${release} in namespace ${namespace}, revision ${from.revision} (${sideText(from)}) → ${to.revision} (${sideText(to)}).`;
}

function sideText({ chart, app_version, status, updated_at }: Output["from"]): string {
  return `${chart}, app ${app_version}, ${status}, ${updated_at}`;
}

function body(diff: Output): readonly string[] {
  const lines = [
    ...(diff.values.length > 0 ? ["Values given by the user", ...diff.values.map(indented)] : []),
    ...diff.objects.flatMap(({ kind, name, change, lines: own }) => [
      `${kind} ${name}${change === "changed" ? "" : `: ${change}`}`,
      ...own.map(indented),
    ]),
  ];
  const outside = [
    noiseText(diff.noise),
    diff.left_out_objects > 0 ? `${count(diff.left_out_objects, "more object")} differ.` : "",
    diff.left_out_lines > 0 ? `${count(diff.left_out_lines, "line")} left out.` : "",
  ];
  const shown = lines.length > 0 ? untrustedBlock("helm diff", lines) : nothing(diff.noise);
  return [shown, ...outside];
}

function nothing(noise: number): string {
  return noise > 0 ? "Nothing that matters differs." : "Nothing differs.";
}

function indented(line: string): string {
  return `  ${line}`;
}

function noiseText(noise: number): string {
  return noise === 0 ? "" : `${count(noise, "field")} of noise: version labels and checksums.`;
}
