import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { bytesText, cpuText } from "#domain/kubernetes/quantity.ts";
import {
  type Bounds,
  nodeBounds,
  percentOf,
  podBounds,
  readUsage,
  type Usage,
} from "#domain/kubernetes/usage.ts";
import { count, table } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";
import { defineQuery } from "#tools/define.ts";
import { limitField, namespaceField, textField } from "#tools/fields.ts";
import { namespaceError } from "./missing.ts";
import { pages } from "./pages.ts";

const MAX_ROWS = 100;
/** Of a memory limit: the next allocation may be the last. */
const NEAR = 90;

const input = z.strictObject({
  what: z.enum(["pods", "nodes"]).describe("Whose use."),
  namespace: namespaceField,
  all_namespaces: z.boolean().default(false).describe("Every namespace."),
  label_selector: textField(512).optional().describe("Such as app=web."),
  sort_by: z.enum(["cpu", "memory"]).default("memory").describe("The largest first."),
  limit: limitField(15, MAX_ROWS),
});
type Input = z.output<typeof input>;

const percent = z.int().optional();
const usageRow = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  cpu: z.string(),
  cpu_request: z.string().optional(),
  cpu_limit: z.string().optional().describe("Of a node: what it has for pods."),
  cpu_percent: percent.describe("Of the limit."),
  memory: z.string(),
  memory_request: z.string().optional(),
  memory_limit: z.string().optional().describe("Of a node: what it has for pods."),
  memory_percent: percent.describe("Of the limit."),
});
type Row = z.output<typeof usageRow>;

const output = z.object({
  what: z.enum(["pods", "nodes"]),
  measured: z.boolean().describe("Whether the cluster serves metrics at all."),
  summary: z.string(),
  rows: z.array(usageRow).max(MAX_ROWS),
  left_out: z.int(),
  next: z.string(),
});

export const kubectlTop = defineQuery({
  name: "kubectl_top",
  title: "CPU and memory in use",
  description:
    "CPU and memory that pods use now, against their requests and limits, or nodes against what they have.",
  needs: ["workloads"],
  place: "cluster",
  input,
  output,
  async run(asked, { workloads }, { signal }) {
    const used = await measured(asked, workloads, signal);
    if (used.length === 0) return nothing(asked, workloads, signal);
    const bounds = await boundsOf(asked, workloads, signal);
    const sorted = used.toSorted((a, b) => b[asked.sort_by] - a[asked.sort_by]);
    const rows = sorted.map((usage) => rowOf(usage, bounds.get(keyOf(usage)), asked));
    return answer(asked, rows, Math.max(0, bounds.size - rows.length));
  },
  render: ({ summary, rows, next }) =>
    [summary, rowsText(rows), next].filter((line) => line !== "").join("\n"),
});

function scopeOf({ what, namespace, all_namespaces, label_selector }: Input) {
  return {
    ...(what === "pods" && !all_namespaces ? { namespace } : {}),
    ...(label_selector === undefined ? {} : { labelSelector: label_selector }),
  };
}

async function measured(
  asked: Input,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Usage[]> {
  const kind = asked.what === "pods" ? "podmetrics" : "nodemetrics";
  const found: Usage[] = [];
  try {
    for await (const page of pages({ kind, ...scopeOf(asked) }, workloads, signal)) {
      found.push(...page.map(readUsage));
    }
    return found;
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "backend_error") throw error;
    throw new OpsError(
      error.code,
      `The metrics API is installed and does not answer: ${error.message}`,
      "Look at it with kubectl_get apiservices v1beta1.metrics.k8s.io, and at the pods of metrics-server.",
      { cause: error },
    );
  }
}

async function boundsOf(
  asked: Input,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Bounds>> {
  const query: Omit<ObjectQuery, "limit"> = { kind: asked.what, ...scopeOf(asked) };
  const read = asked.what === "pods" ? (pod: KubeObject) => podBounds(readPod(pod)) : nodeBounds;
  const bounds = new Map<string, Bounds>();
  for await (const page of pages(query, workloads, signal)) {
    for (const object of page) {
      const { name, namespace = "" } = object.metadata;
      bounds.set(keyOf({ name, namespace }), read(object));
    }
  }
  return bounds;
}

function keyOf({ name, namespace }: Pick<Usage, "name" | "namespace">): string {
  return `${namespace}/${name}`;
}

function rowOf(usage: Usage, bounds: Bounds | undefined, asked: Input): Row {
  const { requests = {}, limits = {} } = bounds ?? {};
  return {
    name: usage.name,
    namespace: asked.what === "pods" && asked.all_namespaces ? usage.namespace : undefined,
    cpu: cpuText(usage.cpu),
    cpu_request: requests.cpu === undefined ? undefined : cpuText(requests.cpu),
    cpu_limit: limits.cpu === undefined ? undefined : cpuText(limits.cpu),
    cpu_percent: percentOf(usage.cpu, limits.cpu),
    memory: bytesText(usage.memory),
    memory_request: requests.memory === undefined ? undefined : bytesText(requests.memory),
    memory_limit: limits.memory === undefined ? undefined : bytesText(limits.memory),
    memory_percent: percentOf(usage.memory, limits.memory),
  };
}

function answer(asked: Input, rows: readonly Row[], unmeasured: number): z.input<typeof output> {
  const shown = rows.slice(0, asked.limit);
  const leftOut = rows.length - shown.length;
  return {
    what: asked.what,
    measured: true,
    summary: `${count(rows.length, asked.what.slice(0, -1))}${whereText(asked)}, by ${asked.sort_by}.${nearText(rows)}${unmeasuredText(asked, unmeasured)}`,
    rows: shown,
    left_out: leftOut,
    next: leftOut > 0 ? `${shown.length} of ${rows.length} shown. Raise limit to see more.` : "",
  };
}

function whereText({ what, namespace, all_namespaces }: Input): string {
  return what === "nodes" || all_namespaces ? "" : ` in namespace ${namespace}`;
}

/** Most names in the summary. */
const MOST_NAMED = 5;

function nearText(rows: readonly Row[]): string {
  const near = rows.filter(({ memory_percent = 0 }) => memory_percent >= NEAR);
  if (near.length === 0) return "";
  const names = near
    .slice(0, MOST_NAMED)
    .map(({ name, memory_percent }) => `${name} ${memory_percent}%`);
  const rest = near.length > MOST_NAMED ? ` and ${near.length - MOST_NAMED} more` : "";
  return ` Near the memory limit: ${names.join(", ")}${rest}.`;
}

function unmeasuredText({ what }: Input, unmeasured: number): string {
  if (unmeasured === 0) return "";
  return ` Not measured: ${count(unmeasured, `more ${what.slice(0, -1)}`)} that did not run or came too late.`;
}

/** No measurements: of nothing, or because nothing measures. */
async function nothing(
  asked: Input,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<z.input<typeof output>> {
  const { namespace } = scopeOf(asked);
  const error = await namespaceError(namespace, workloads, signal);
  if (error) throw error;
  const kinds = await workloads.kinds(signal);
  const served = kinds.some(({ group }) => group === "metrics.k8s.io");
  return {
    what: asked.what,
    measured: served,
    summary: served
      ? `No measurements of ${asked.what}${whereText(asked)}.`
      : "The cluster serves no metrics API (metrics.k8s.io), so nobody knows what its pods and nodes use.",
    rows: [],
    left_out: 0,
    next: served
      ? "New pods are measured after a minute. Check with kubectl_get pods that there are any, or leave out label_selector."
      : "Install metrics-server (on EKS, the add-on of that name), or read the metrics of Container Insights with get_metric_statistics. kubectl_get pods shows limits and kills for lack of memory meanwhile.",
  };
}

const COLUMNS = [
  "namespace",
  "name",
  "cpu",
  "cpu_request",
  "cpu_limit",
  "cpu_percent",
  "memory",
  "memory_request",
  "memory_limit",
  "memory_percent",
] as const;

function rowsText(rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const columns = COLUMNS.filter((column) => rows.some((row) => row[column] !== undefined));
  const head = columns.map((column) => column.replaceAll("_", " "));
  return table(
    head,
    rows.map((row) => columns.map((column) => String(row[column] ?? "none"))),
  );
}
