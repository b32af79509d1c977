import * as z from "zod";
import { fieldRows } from "#domain/kubernetes/columns/fields.ts";
import { type FieldPath, fieldPath } from "#domain/kubernetes/field-path.ts";
import { type Listing, type OpenListing, openListing } from "#domain/kubernetes/listing.ts";
import { objectYaml } from "#domain/kubernetes/shown-object.ts";
import { OpsError } from "#errors.ts";
import type { ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";
import { type Call, defineQuery } from "#tools/define.ts";
import { kubeNameField, limitField, listField, namespaceField, textField } from "#tools/fields.ts";
import { listText } from "./kubectl-get-text.ts";
import { namespaceError } from "./missing.ts";
import { walk } from "./pages.ts";
import { type Readable, readable, readOne } from "./readable.ts";

/** Most objects that one call reads; the rest is read by going on. Events are merged, so all are kept meanwhile. */
const MOST = 20_000;
const MOST_EVENTS = 4_000;
const MAX_ROWS = 200;
/** Characters of one object as YAML. */
const MAX_YAML = 8_000;
/** Time that is left for the answer when reading ends early. */
const RESERVE_MS = 8_000;

const input = z.strictObject({
  resource_type: textField(128).describe("Kind, such as pods, cm or a custom one."),
  name: kubeNameField.optional().describe("One object."),
  namespace: namespaceField,
  all_namespaces: z.boolean().default(false).describe("Every namespace."),
  label_selector: textField(512).optional().describe("Such as app=web,tier!=cache."),
  field_selector: textField(512).optional().describe("Such as spec.nodeName=node-a."),
  fields: listField(textField(200), 12).optional().describe("Columns by path: spec.nodeName."),
  output: z.enum(["summary", "full"]).default("summary").describe("full: one object as YAML."),
  limit: limitField(20, MAX_ROWS),
  continue: textField(8_192).optional().describe("Goes on where an answer ended."),
});
type Input = z.output<typeof input>;

const output = z.object({
  kind: z.string(),
  namespace: z.string().optional().describe("Absent when all were searched or there is none."),
  summary: z.string(),
  by_owner: z.string().describe("Counts by workload, the sick first."),
  rows: z.array(z.record(z.string(), z.string())).max(MAX_ROWS),
  columns: z.array(z.string()).describe("Columns that fields asked for."),
  yaml: z.string(),
  left_out: z.int().describe("Rows beyond the limit."),
  continue: z.string().optional().describe("Present when not all objects were read."),
  next: z.string(),
});

export const kubectlGet = defineQuery({
  name: "kubectl_get",
  title: "Read Kubernetes objects",
  description:
    "Lists objects of any kind: counts by state and workload, then rows, the sick first, with what phase hides. A name gives details and ConfigMap values; Secrets show key names only.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input,
  output,
  untrusted: ["rows[].message", "rows[].value", "rows[].selector", "rows[].*", "yaml"],
  async run(asked, { workloads, clock }, call) {
    checkArguments(asked);
    const kind = await readable(asked.resource_type, workloads, call.signal);
    const scope = scopeOf(asked, kind);
    const head = { kind: kind.label, ...scope };
    if (asked.output === "full") return { ...head, ...(await whole(asked, kind, call.signal)) };
    const paths = (asked.fields ?? []).map(fieldPath);
    const rows = openListing({ ...viewOf(asked, kind, paths), ...scope, now: clock.now() });
    const end = await gather(asked, kind, rows, call);
    if (rows.read() === 0) await requireThere(asked, kind, workloads, call.signal);
    return {
      ...head,
      ...answer(asked, kind, rows.result(), end, rows.read()),
      ...columnsOf(paths),
    };
  },
  render: listText,
});

const SELECTING = ["label_selector", "field_selector", "continue"] as const;

function checkArguments({ name, output: form, fields, ...asked }: Input): void {
  const selects = SELECTING.find((argument) => asked[argument] !== undefined);
  if (name !== undefined && selects !== undefined) throw excluded("name", selects);
  if (form === "full" && fields !== undefined) throw excluded("output full", "fields");
  if (form === "full" && name === undefined) {
    throw new OpsError(
      "invalid_input",
      "output full shows one object.",
      "Give its name, or fields to see parts of many.",
    );
  }
}

function excluded(one: string, other: string): OpsError {
  return new OpsError(
    "invalid_input",
    `${one} and ${other} exclude each other.`,
    "Give one of them.",
  );
}

type Scope = { readonly namespace?: string };

function scopeOf({ all_namespaces, namespace }: Input, { place }: Readable): Scope {
  return place.namespaced && !all_namespaces ? { namespace } : {};
}

function viewOf(
  asked: Input,
  { one, many, rows, known, place }: Readable,
  paths: readonly FieldPath[],
) {
  const named = asked.name !== undefined;
  return {
    one,
    many,
    named,
    rows: paths.length === 0 ? rows : fieldRows(paths, rows),
    part: named && paths.length === 0 && known === "configmaps" ? "key" : undefined,
    byOwner: !named && (known === undefined || known === "pods" || known === "jobs"),
    allNamespaces: place.namespaced && asked.all_namespaces,
    limit: asked.limit,
  };
}

function queryOf(asked: Input, kind: Readable): Omit<ObjectQuery, "kind" | "limit" | "continue"> {
  const { label_selector, field_selector, name } = asked;
  const named = kind.known === "events" ? "involvedObject.name" : "metadata.name";
  const fieldSelector = name === undefined ? field_selector : `${named}=${name}`;
  return {
    ...scopeOf(asked, kind),
    ...(label_selector === undefined ? {} : { labelSelector: label_selector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

type End = Pick<ObjectList, "remaining" | "continue">;

/** Reads page by page; tells where it ended when that was too early. */
async function gather(asked: Input, kind: Readable, rows: OpenListing, call: Call): Promise<End> {
  const query = queryOf(asked, kind);
  const merged: ObjectList["items"][number][] = [];
  const events = kind.known === "events";
  let end: End = { remaining: 0 };
  for await (const page of walk(
    (at) => kind.list({ ...query, ...at }, call.signal),
    asked.continue,
  )) {
    if (events) merged.push(...page.items);
    else rows.add(page.items);
    end = page;
    const full = events ? merged.length >= MOST_EVENTS : rows.read() >= MOST;
    if (full || call.timeLeft() < RESERVE_MS) break;
  }
  rows.add(merged);
  return end;
}

/** Nothing at all is an answer, unless the name or namespace does not exist. */
async function requireThere(
  asked: Input,
  kind: Readable,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<void> {
  const { name } = asked;
  const { namespace: searched } = scopeOf(asked, kind);
  const error =
    name === undefined || kind.known === "events"
      ? await namespaceError(searched, workloads, signal)
      : await kind.missing(name, searched, signal);
  if (error) throw error;
}

async function whole(asked: Input, kind: Readable, signal: AbortSignal) {
  const { name = "" } = asked;
  const { namespace } = scopeOf(asked, kind);
  const object = await readOne(kind, { name, namespace }, signal);
  if (object === undefined) throw await kind.missing(name, namespace, signal);
  const { yaml, linesLeftOut } = objectYaml(object, MAX_YAML);
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  return {
    summary: `${kind.one} ${name}${where}. Values of Secrets and of environment variables are hidden.`,
    by_owner: "",
    rows: [],
    columns: [],
    yaml,
    left_out: linesLeftOut,
    next:
      linesLeftOut === 0
        ? ""
        : `${linesLeftOut} lines left out. Name what you need in fields, such as spec.template.spec.volumes.`,
  };
}

function answer(asked: Input, kind: Readable, found: Listing, end: End, read: number) {
  const { rows, leftOut, summary, byOwner } = found;
  return {
    summary,
    by_owner: byOwner,
    rows: [...rows],
    yaml: "",
    left_out: leftOut,
    ...(end.continue === undefined ? {} : { continue: end.continue }),
    next: [
      leftOut > 0
        ? `${rows.length} of ${rows.length + leftOut} rows shown, the sick first. ${narrower(asked)}`
        : "",
      end.continue === undefined ? "" : unread(read, end),
      read === 0 ? emptyHint(asked, kind) : "",
    ]
      .filter((part) => part !== "")
      .join(" "),
  };
}

const columnsOf = (paths: readonly FieldPath[]) => ({ columns: paths.map(({ text }) => text) });

function narrower({ name, limit }: Input): string {
  if (limit < MAX_ROWS) return "Raise limit to see more.";
  return name === undefined ? "Narrow with label_selector, field_selector or namespace." : "";
}

function unread(read: number, { remaining, continue: token }: End): string {
  const rest = remaining < 0 ? "more" : `${remaining} more`;
  return `Only ${read} were read; there are ${rest}. To go on, call again with continue ${token}`;
}

function emptyHint(
  { label_selector, field_selector, all_namespaces }: Input,
  kind: Readable,
): string {
  if (label_selector !== undefined || field_selector !== undefined) {
    return "Nothing matches the selector; leave it out to see what there is.";
  }
  if (kind.known === "events") return "The cluster keeps events for an hour or so.";
  if (!kind.place.namespaced) return "";
  return all_namespaces
    ? "Every namespace that may be read was searched."
    : "Set all_namespaces to search the others.";
}
