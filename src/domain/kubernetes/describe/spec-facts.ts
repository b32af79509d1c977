import { isObject } from "#domain/json.ts";
import { pairs, type Rows } from "#domain/kubernetes/columns/row.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { shownObject } from "#domain/kubernetes/shown-object.ts";
import { clip } from "#domain/text/untrusted.ts";

interface View {
  readonly rows: Rows;
  /** Absent for a kind that was found by discovery. */
  readonly known: ResourceKind | undefined;
  readonly now: Date;
}

/** Longest text of one fact. */
const LONG = 240;
/** Most plain settings of a custom resource. */
const MOST_SETTINGS = 12;
/** Columns that a description shows elsewhere, and better. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "containers",
  "message",
  "conditions",
  "owner",
  "last_exit",
]);

/** What is to be said of an object in a word or a line each. Text in it may be anybody's. */
export function specFacts(object: KubeObject, view: View): Readonly<Record<string, string>> {
  const facts = {
    ...cellsOf(object, view),
    ...podFacts(object, view),
    ...settings(object, view),
    ...marks(object),
  };
  const filled = Object.entries(facts).filter(([, text]) => text !== "");
  return Object.fromEntries(filled.map(([name, text]) => [name, clip(text, LONG)]));
}

/** As a list shows it. A ConfigMap's values are for `kubectl_get`. */
function cellsOf(object: KubeObject, { rows, known, now }: View) {
  const named = known !== "configmaps";
  const cells = rows([object], { now, named }).at(0)?.cells ?? {};
  return Object.fromEntries(
    Object.entries(cells).filter(([column]) => column !== "name" && !ELSEWHERE.has(column)),
  );
}

function podFacts({ spec, status }: KubeObject, { known }: View) {
  if (known !== "pods" || !isObject(spec) || !isObject(status)) return {};
  return {
    node: text(spec.nodeName) || "none yet",
    address: text(status.podIP),
    quality_of_service: text(status.qosClass),
    service_account: text(spec.serviceAccountName),
    priority_class: text(spec.priorityClassName),
    node_selector: isObject(spec.nodeSelector) ? pairs(strings(spec.nodeSelector)) : "",
  };
}

/** Plain values of a custom resource's specification. */
function settings(object: KubeObject, { known }: View): Readonly<Record<string, string>> {
  if (known !== undefined) return {};
  const { spec } = shownObject(object);
  const plain = Object.entries(isObject(spec) ? spec : {}).filter(([, value]) => !isList(value));
  return Object.fromEntries(
    plain.slice(0, MOST_SETTINGS).map(([name, value]) => [`spec.${name}`, text(value)]),
  );
}

function isList(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function marks({ metadata }: KubeObject) {
  const { finalizers } = metadata;
  return {
    labels: pairs(metadata.labels),
    deleted_since: metadata.deletionTimestamp ?? "",
    finalizers: Array.isArray(finalizers) ? finalizers.map(String).join(", ") : "",
  };
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function strings(values: { readonly [key: string]: unknown }): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
}
