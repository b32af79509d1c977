import * as z from "zod";
import { kindNames, resolveKind } from "#domain/kubernetes/kinds.ts";
import { listing } from "#domain/kubernetes/listing.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { table } from "#domain/text/table.ts";
import { quoted, untrustedBlock } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";
import type { ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, limitField, namespaceField, textField } from "#tools/fields.ts";
import { namespaceError, whyMissing } from "./missing.ts";

/** Most objects that are read before the rows are chosen; events are small and come in no useful order. */
const MOST = 500;
const MOST_EVENTS = 2_000;
const MAX_ROWS = 200;

const input = z.strictObject({
  resource_type: textField(64).describe("Kind, such as pods, deploy, cm."),
  name: kubeNameField.optional().describe("One object; for events, what they are about."),
  namespace: namespaceField,
  all_namespaces: z.boolean().default(false).describe("Search every namespace."),
  label_selector: textField(512).optional().describe("Such as app=web,tier!=cache."),
  limit: limitField(20, MAX_ROWS),
});
type Input = z.output<typeof input>;

const output = z.object({
  kind: z.string(),
  namespace: z.string().optional().describe("Absent when all were searched or there is none."),
  summary: z.string(),
  rows: z.array(z.record(z.string(), z.string())).max(MAX_ROWS),
  left_out: z.int().describe("Rows beyond the limit."),
  next: z.string(),
});

type Output = z.output<typeof output>;

/** Columns that hold text of other systems. */
const untrustedColumns: readonly string[] = ["message", "value", "selector"];

export const kubectlGet = defineQuery({
  name: "kubectl_get",
  title: "Read Kubernetes objects",
  description:
    "Lists Kubernetes objects of one kind, the sick first, with what phase hides: CrashLoopBackOff, restarts, last exit. A name gives details and ConfigMap values; Secrets show key names only.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input,
  output,
  untrusted: untrustedColumns.map((column) => `rows[].${column}`),
  async run(asked, { workloads, clock }, { signal }) {
    const query = queryOf(asked);
    const found = await read(query, asked.name, workloads, signal);
    const { kind, namespace } = query;
    const { rows, leftOut, summary } = listing(found.items, {
      kind,
      namespace,
      named: asked.name !== undefined,
      now: clock.now(),
      allNamespaces: kindNames(kind).scope === "namespace" && asked.all_namespaces,
      limit: asked.limit,
    });
    const next = nextStep(asked, rows.length, leftOut, found);
    return {
      kind,
      ...(namespace ? { namespace } : {}),
      summary,
      rows: [...rows],
      left_out: leftOut,
      next,
    };
  },
  render: ({ summary, rows, next }) =>
    [summary, rowsText(rows), next].filter((line) => line !== "").join("\n"),
});

function queryOf({
  resource_type,
  namespace,
  all_namespaces,
  label_selector,
  name,
}: Input): ObjectQuery {
  const kind = resolveKind(resource_type);
  if (name !== undefined && label_selector !== undefined) {
    throw new OpsError(
      "invalid_input",
      "name and label_selector exclude each other.",
      "Give one of them.",
    );
  }
  const scoped = kindNames(kind).scope === "namespace" && !all_namespaces;
  return {
    kind,
    limit: kind === "events" ? MOST_EVENTS : MOST,
    ...(scoped ? { namespace } : {}),
    ...(label_selector === undefined ? {} : { labelSelector: label_selector }),
    ...(name === undefined ? {} : { fieldSelector: `${nameField(kind)}=${name}` }),
  };
}

function nameField(kind: ResourceKind): string {
  return kind === "events" ? "involvedObject.name" : "metadata.name";
}

/** What was asked for. Nothing at all is an answer, unless the name or namespace does not exist. */
async function read(
  query: ObjectQuery,
  name: string | undefined,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<ObjectList> {
  const { kind, namespace } = query;
  const found = await workloads.list(query, signal);
  if (found.items.length > 0) return found;
  const scope = namespace === undefined ? {} : { namespace };
  const error =
    name === undefined || kind === "events"
      ? await namespaceError(namespace, workloads, signal)
      : await whyMissing({ kind, name, ...scope }, workloads, signal);
  if (error) throw error;
  return found;
}

function nextStep(asked: Input, shown: number, leftOut: number, found: ObjectList): string {
  return [
    leftOut > 0
      ? `${shown} of ${shown + leftOut} rows shown, the sick first. ${narrower(asked)}`
      : "",
    found.remaining === 0 ? "" : unread(found.items, found.remaining),
    found.items.length === 0 ? emptyHint(asked) : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function narrower({ name, limit }: Input): string {
  if (limit < MAX_ROWS) return "Raise limit to see more.";
  return name === undefined ? "Narrow with label_selector or namespace." : "";
}

function unread(items: readonly KubeObject[], remaining: number): string {
  const rest = remaining < 0 ? "more" : `${remaining} more`;
  return `Only the first ${items.length} were read; there are ${rest}. Narrow with label_selector or namespace.`;
}

function emptyHint({ label_selector, all_namespaces, resource_type }: Input): string {
  if (label_selector !== undefined)
    return "Nothing matches label_selector; leave it out to see what there is.";
  if (resolveKind(resource_type) === "events") return "The cluster keeps events for an hour or so.";
  return all_namespaces
    ? "Every namespace that may be read was searched."
    : "Set all_namespaces to search the others.";
}

function rowsText(rows: Output["rows"]): string {
  const [only] = rows;
  if (only === undefined) return "";
  if (only.value !== undefined) return rows.map(valueText).join("\n");
  if (rows.length === 1) return detailText(only);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(
    columns,
    rows.map((row) => columns.map((column) => cellText(column, row[column]))),
  );
}

/** One object, a line for each column. */
function detailText(row: Output["rows"][number]): string {
  const lines = Object.entries(row).map(([column, text]) => `${column}: ${cellText(column, text)}`);
  return lines.join("\n");
}

/** A key of a ConfigMap with its value, which may have many lines. */
function valueText({ name = "", size_bytes, value = "" }: Output["rows"][number]): string {
  const shown = value.includes("\n")
    ? `\n${untrustedBlock("configmap value", value.split("\n"))}`
    : ` ${cellText("value", value)}`;
  return `${name} (${size_bytes} bytes):${shown}`;
}

function cellText(column: string, text = ""): string {
  return text !== "" && untrustedColumns.includes(column) ? quoted(text, text.length) : text;
}
