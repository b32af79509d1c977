import * as z from "zod";
import type { ReleaseRef } from "#domain/helm/release.ts";
import { boundedYaml, maskedValues, valuesUnder } from "#domain/helm/values.ts";
import { isObject, type Json, type JsonObject } from "#domain/json.ts";
import { count } from "#domain/text/table.ts";
import { untrustedBlock } from "#domain/text/untrusted.ts";
import type { Releases } from "#ports/releases.ts";
import { defineQuery } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField, textField } from "#tools/fields.ts";
import { releaseHistory } from "./find-release.ts";
import { requireRevision } from "./require-revision.ts";

/** Room for the values, so that an answer stays below 2,000 tokens. */
const MAX_TOKENS = 1_400;

const output = z.object({
  release: z.string(),
  namespace: z.string(),
  revision: z.int(),
  all: z.boolean(),
  key: z.string().optional(),
  keys: z.array(z.string()).max(50).describe("Top-level keys of what was asked for."),
  yaml: z.string().describe("Secrets are masked."),
  left_out_lines: z.int(),
  next: z.string(),
});

export const helmGetValues = defineQuery({
  name: "helm_get_values",
  title: "Helm release values",
  description:
    "Values of a Helm release as YAML, of any revision: the user's, or all with chart defaults. Secrets are masked.",
  needs: ["releases"],
  place: "cluster",
  input: z.strictObject({
    release: kubeNameField.describe("Helm release."),
    namespace: namespaceField,
    revision: intField(1, 1_000_000).optional().describe("Default: the current one."),
    all: z.boolean().default(false).describe("Chart defaults too."),
    key: textField(200).optional().describe("Part, such as ingress.hosts."),
  }),
  output,
  untrusted: ["yaml", "keys[]"],
  async run({ release: name, namespace, revision: asked, all, key }, { releases }, { signal }) {
    const release = { name, namespace };
    const history = await releaseHistory(releases, release, signal);
    const { revision } = requireRevision(history, asked);
    const values = maskedValues(await valuesOf(release, revision, all, releases, signal));
    const part = key === undefined ? values : valuesUnder(values, key);
    const { lines, leftOut } = boundedYaml(part, MAX_TOKENS);
    return {
      release: name,
      namespace,
      revision,
      all,
      ...(key === undefined ? {} : { key }),
      keys: keysOf(part).slice(0, 50),
      yaml: lines.join("\n"),
      left_out_lines: leftOut,
      next: nextStep(part, all, leftOut),
    };
  },
  render: ({ release, namespace, revision, all, key, yaml, next }) =>
    [
      `${all ? "All values" : "Values given by the user"} of release ${release} in namespace ${namespace}, revision ${revision}${key === undefined ? "" : `, under ${JSON.stringify(key)}`}:`,
      untrustedBlock("helm values", yaml.split("\n")),
      next,
    ]
      .filter((line) => line !== "")
      .join("\n"),
});

async function valuesOf(
  release: ReleaseRef,
  revision: number,
  all: boolean,
  releases: Releases,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (all) return releases.allValues(release, revision, signal);
  return (await releases.content(release, revision, signal)).values;
}

function keysOf(part: Json): string[] {
  return isObject(part) ? Object.keys(part) : [];
}

function nextStep(part: Json, all: boolean, leftOut: number): string {
  if (leftOut > 0) {
    const keys = keysOf(part).slice(0, 20).join(", ");
    const top = keys === "" ? "" : ` Keys here: ${JSON.stringify(keys)}.`;
    return `${count(leftOut, "line")} left out: name one part with key.${top}`;
  }
  if (!all && isObject(part) && Object.keys(part).length === 0) {
    return "The user gave none: set all to see the chart's defaults.";
  }
  return "";
}
