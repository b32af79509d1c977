import * as z from "zod";
import { causes } from "#domain/diagnosis/cause.ts";
import { type Diagnosis, diagnose, states } from "#domain/diagnosis/diagnose.ts";
import { confidences, type Evidence, type Finding } from "#domain/diagnosis/finding.ts";
import type { LastRollout } from "#domain/diagnosis/last-rollout.ts";
import { jsonObjectSchema } from "#domain/json.ts";
import { atMost } from "#domain/text/at-most.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import { gather, type Subject } from "./gather.ts";
import { whyMissing } from "./missing.ts";

const kindOf = {
  deployment: "deployments",
  statefulset: "statefulsets",
  daemonset: "daemonsets",
  pod: "pods",
  service: "services",
  ingress: "ingresses",
  hpa: "horizontalpodautoscalers",
  pvc: "persistentvolumeclaims",
  job: "jobs",
  cronjob: "cronjobs",
  release: "release",
} as const;
const subjectTypes = [
  "deployment",
  "statefulset",
  "daemonset",
  "pod",
  "service",
  "ingress",
  "hpa",
  "pvc",
  "job",
  "cronjob",
  "release",
] as const satisfies readonly (keyof typeof kindOf)[];

/** Room of one finding and of the whole. */
const MAX_EVIDENCE = 4;
const MAX_VALUE = 240;
const MAX_AFFECTED = 6;
const MAX_UNWELL = 5;
const MAX_CHANGED = 3;

const evidenceRow = z.object({
  object: z.string(),
  field: z.string(),
  value: z.string(),
  at: z.string().optional(),
});
const findingRow = z.object({
  cause: z.string(),
  confidence: z.enum(confidences),
  summary: z.string(),
  since: z.string().optional(),
  evidence: z.array(evidenceRow).max(MAX_EVIDENCE),
  affected: z.array(z.string()),
  remedy: z.string(),
  next: z.object({ tool: z.string(), args: jsonObjectSchema }).optional(),
});

const changeRow = z.object({
  workload: z.string(),
  revision: z.int(),
  at: z.string(),
  images: z.array(z.string()),
});

const output = z.object({
  state: z.enum(states).describe("unclear: not well, and nothing explains it."),
  headline: z.string(),
  findings: z.array(findingRow).describe("The root first."),
  left_out: z.int().describe("Further findings."),
  changed: z.array(changeRow).describe("Rollouts that may have brought it."),
  unwell: z.array(z.string()),
  checked: z.array(z.string()),
  unread: z.array(z.string()).describe("Kinds and logs that could not be read, or not whole."),
  at: z.string(),
});
type Output = z.output<typeof output>;

export const diagnoseWorkload = defineQuery({
  name: "diagnose_workload",
  title: "Diagnose a workload",
  description:
    "Says what is broken, why, since when and what to do next, with evidence: reads the workload, pods, events, nodes, services, configuration and last log lines. Call this first for anything sick.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input: z.strictObject({
    resource_type: z.enum(subjectTypes).default("deployment").describe("Kind; release for Helm."),
    name: kubeNameField.describe("Object or release."),
    namespace: namespaceField,
  }),
  output,
  untrusted: [
    "findings[].summary",
    "findings[].evidence[].value",
    "changed[].images[]",
    "unwell[]",
  ],
  async run({ resource_type, name, namespace }, ports, { signal }) {
    const subject = { kind: kindOf[resource_type], name, namespace };
    const gathered = await gather(subject, ports, signal);
    if (gathered === undefined) throw await missing(subject, ports.workloads, signal);
    const { scope, snapshot, unreadLogs } = gathered;
    const diagnosis = diagnose(scope, snapshot);
    return {
      ...answer(diagnosis),
      headline: headline(`${resource_type} ${namespace}/${name}`, diagnosis),
      unread: [...snapshot.unread, ...unreadLogs.map((each) => `log of ${each}`)],
      at: isoSeconds(snapshot.now),
    };
  },
  render: (found) => [...text(found)].filter((line) => line !== "").join("\n"),
});

async function missing(
  subject: Subject,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<OpsError> {
  if (subject.kind !== "release") return whyMissing(subject, workloads, signal);
  const { name, namespace } = subject;
  return new OpsError(
    "not_found",
    `Nothing in namespace ${namespace} says that it belongs to Helm release ${name}.`,
    "helm_history tells whether there is such a release; else name the workload itself.",
  );
}

function answer({ state, findings, leftOut, changed, unwell, checked }: Diagnosis) {
  return {
    state,
    findings: findings.map(findingOf),
    left_out: leftOut,
    changed: changed.slice(0, MAX_CHANGED).map(changeOf),
    unwell: [...atMost(unwell, MAX_UNWELL, "object")],
    checked: [...checked],
  };
}

function changeOf({ workload, revision, at, images }: LastRollout): z.input<typeof changeRow> {
  return { workload, revision, at: isoSeconds(at), images: [...images] };
}

function findingOf(finding: Finding): z.input<typeof findingRow> {
  const { cause, confidence, summary, since, evidence, affected, remedy, next } = finding;
  return {
    cause,
    confidence,
    summary,
    ...(since ? { since: isoSeconds(since) } : {}),
    evidence: evidence.slice(0, MAX_EVIDENCE).map(evidenceOf),
    affected: [...atMost(affected, MAX_AFFECTED, "object")],
    remedy,
    ...(next ? { next } : {}),
  };
}

function evidenceOf({ object, field, value, at }: Evidence): z.input<typeof evidenceRow> {
  return { object, field, value: clip(value, MAX_VALUE), ...(at ? { at: isoSeconds(at) } : {}) };
}

function headline(subject: string, { state, findings }: Diagnosis): string {
  const [first] = findings;
  if (first) return `${subject} is sick: ${causes[first.cause]} (${first.confidence}).`;
  return `${subject} ${verdicts[state]}.`;
}

const verdicts = {
  healthy: "is healthy",
  starting: "is starting, and nothing is wrong so far",
  sick: "is sick",
  unclear: "is not well, and nothing that was read explains it",
} as const;

/** Where to go on when no finding tells. */
const nextSteps = {
  healthy: "If it misbehaves all the same: list_recent_changes, then kubectl_logs.",
  starting: "Ask again in a minute.",
  unclear: "Next: kubectl_events and kubectl_logs of these.",
  sick: "",
} as const;

function* text(found: Output): Generator<string> {
  const { headline, findings, left_out, unwell, state } = found;
  yield headline;
  for (const change of found.changed) yield changeText(change);
  for (const [index, finding] of findings.entries()) yield findingText(finding, index, found.at);
  if (left_out > 0) yield `${left_out} more findings left out: solve these first.`;
  if (unwell.length > 0 && state !== "sick") yield `${unwell.join(". ")}.`;
  yield `Checked: ${found.checked.join(", ")}.`;
  if (found.unread.length > 0) yield `Could not see, or not all: ${found.unread.join(", ")}.`;
  if (nextSteps[state]) yield nextSteps[state];
}

function changeText({ workload, revision, at, images }: Output["changed"][number]): string {
  const what = images.length > 0 ? quoted(images.join(", "), MAX_VALUE) : "same images";
  return `Changed shortly before: ${workload} revision ${revision} at ${at}, ${what}.`;
}

function findingText(finding: Output["findings"][number], index: number, now: string): string {
  const { cause, confidence, summary, since, evidence, affected, remedy, next } = finding;
  const started = since === undefined ? "" : ` Since ${since} (${ago(since, now)} ago).`;
  return [
    `${index + 1}. ${cause} (${confidence}): ${summary}${started}`,
    `   Do: ${remedy}`,
    next ? `   Next: ${next.tool} ${JSON.stringify(next.args)}` : "",
    `   Affected: ${affected.join(", ")}.`,
    ...evidence.map(evidenceText),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function ago(since: string, now: string): string {
  return duration(Date.parse(now) - Date.parse(since));
}

function evidenceText({
  object,
  field,
  value,
  at,
}: Output["findings"][number]["evidence"][number]) {
  return `   - ${object} ${field}${at === undefined ? "" : ` at ${at}`}: ${quoted(value, MAX_VALUE)}`;
}
