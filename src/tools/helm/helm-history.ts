import * as z from "zod";
import { currentRevision, type Judged } from "#domain/helm/healthy.ts";
import { releaseStatuses } from "#domain/helm/release.ts";
import { table } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, limitField, namespaceField } from "#tools/fields.ts";
import { judgedHistory } from "./judged-history.ts";
import { liveHealth } from "./live-health.ts";

/** Helm puts whole error texts into descriptions. */
const MAX_DESCRIPTION = 160;

const output = z.object({
  release: z.string(),
  namespace: z.string(),
  revisions: z.array(
    z.object({
      revision: z.int(),
      status: z.enum(releaseStatuses),
      chart: z.string(),
      app_version: z.string(),
      updated_at: z.iso.datetime(),
      description: z.string(),
      healthy: z.boolean(),
      healthy_why: z.string(),
    }),
  ),
  left_out: z.int().describe("Older revisions beyond `limit`."),
});

export const helmHistory = defineQuery({
  name: "helm_history",
  title: "Helm release history",
  description:
    "Revisions of a Helm release, newest first, each with whether it was healthy and why: what a rollback can return to.",
  needs: ["releases", "workloads", "actions", "clock"],
  place: "cluster",
  input: z.strictObject({
    release: kubeNameField.describe("Helm release."),
    namespace: namespaceField,
    limit: limitField(10, 50),
  }),
  output,
  untrusted: ["revisions[].description"],
  async run({ release: name, namespace, limit }, ports, call) {
    const release = { name, namespace };
    const judged = await judgedHistory(release, ports, call);
    const current = currentRevision(judged);
    const now = current && (await liveHealth(release, current, ports, call.signal));
    const rows = judged.map((each) => row(now && each === current ? { ...each, ...now } : each));
    return {
      release: name,
      namespace,
      revisions: rows.slice(0, limit),
      left_out: Math.max(0, rows.length - limit),
    };
  },
  render: ({ release, namespace, revisions, left_out }) =>
    [
      `Release ${release} in namespace ${namespace}, newest revision first:`,
      table(
        ["revision", "status", "healthy", "chart", "app", "updated", "description"],
        revisions.map((each) => [
          `${each.revision}`,
          each.status,
          `${each.healthy ? "yes" : "no"}: ${each.healthy_why}`,
          each.chart,
          each.app_version,
          each.updated_at,
          quoted(each.description),
        ]),
      ),
      ...(left_out > 0 ? [`${left_out} older left out; raise limit to see them.`] : []),
      "Healthy means deployed or superseded, not contradicted by a verification or, for the current one, by its workloads. It says nothing about alarms.",
    ].join("\n"),
});

function row(judged: Judged): z.input<typeof output>["revisions"][number] {
  return {
    revision: judged.revision,
    status: judged.status,
    chart: judged.chart,
    app_version: judged.appVersion,
    updated_at: isoSeconds(judged.updatedAt),
    description: clip(judged.description, MAX_DESCRIPTION),
    healthy: judged.healthy,
    healthy_why: judged.why,
  };
}
