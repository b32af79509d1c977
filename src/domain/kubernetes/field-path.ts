import { isObject } from "#domain/json.ts";
import { OpsError } from "#errors.ts";

type Step =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "where"; readonly key: string; readonly value: string };

/** A path into an object: `spec.nodeName`, `.spec.containers[*].image`, `status.conditions[?(@.type=="Ready")].status`. */
export interface FieldPath {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** One step: a key, an index, all entries, a key in quotes, or the entries where a field has a value. */
const STEP =
  /\.?([A-Za-z_$][\w$/-]*)|\[(-?\d{1,6})\]|(\.?\*|\[\*\])|\[(?:'([^']{1,200})'|"([^"]{1,200})")\]|\[\?\(@\.(\w{1,64})\s?==\s?(?:'([^']{0,200})'|"([^"]{0,200})")\)\]/y;

/** Reads a path as kubectl writes it, with or without braces and the first dot. Throws `invalid_input`. */
export function fieldPath(text: string): FieldPath {
  const path = text
    .trim()
    .replace(/^\{(.*)\}$/, "$1")
    .replace(/^\$/, "")
    .replaceAll("\\.", DOT);
  const steps: Step[] = [];
  const step = new RegExp(STEP);
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) throw notAPath(text);
    steps.push(stepOf(found));
  }
  if (steps.length === 0) throw notAPath(text);
  return { text: path.replaceAll(DOT, "\\.").replace(/^\./, ""), steps };
}

/** Stands for an escaped dot, which is part of a key. */
const DOT = "$dot$";

function stepOf([, key, index, all, single, double, field, one, other]: RegExpExecArray): Step {
  if (all !== undefined) return { kind: "all" };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (field !== undefined) return { kind: "where", key: field, value: one ?? other ?? "" };
  return { kind: "key", key: (key ?? single ?? double ?? "").replaceAll(DOT, ".") };
}

function notAPath(text: string): OpsError {
  return new OpsError(
    "invalid_input",
    `${JSON.stringify(text.slice(0, 80))} is not a path of fields.`,
    "Write it as spec.nodeName, spec.containers[*].image or metadata.labels['app.kubernetes.io/name'].",
  );
}

/** What stands at the path; several values when it goes through a list. */
export function valuesAt(object: unknown, { steps }: FieldPath): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((value) => next(value, step)),
    [object],
  );
}

function next(value: unknown, step: Step): readonly unknown[] {
  if (step.kind === "key") return isObject(value) ? present(own(value, step.key)) : [];
  if (step.kind === "all") return entriesOf(value);
  if (step.kind === "where") return entriesOf(value).filter((each) => holds(each, step));
  return Array.isArray(value) ? present(value.at(step.index)) : [];
}

function own(object: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function present(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : [value];
}

function entriesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function holds(value: unknown, { key, value: wanted }: { key: string; value: string }): boolean {
  return isObject(value) && String(own(value, key)) === wanted;
}
