import type { KubeObject } from "#domain/kubernetes/object.ts";
import { age } from "#domain/kubernetes/pods.ts";
import { type Owner, topOwner } from "#domain/kubernetes/top-owner.ts";

/** One object, or several merged, as a line of a table. */
export interface Row {
  readonly namespace: string;
  /** The word by which a listing counts; empty when the kind has none. */
  readonly state: string;
  readonly health: "failing" | "waiting" | "well";
  /** What the object works for. */
  readonly owner?: Owner | undefined;
  /** Column to text, in the order shown. Empty ones are left out. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface View {
  readonly now: Date;
  /** One object was asked for by its name: it is shown in more detail. */
  readonly named: boolean;
}

/** How objects of one kind are shown. */
export type Rows = (objects: readonly KubeObject[], view: View) => readonly Row[];

/** A row for each object. */
export function each(
  row: (object: KubeObject, view: View) => Omit<Row, "namespace" | "owner">,
): Rows {
  return (objects, view) =>
    objects.map((object) => ({
      namespace: object.metadata.namespace ?? "",
      owner: topOwner(object.metadata),
      ...row(object, view),
    }));
}

/** Cells as text, without the empty ones. */
export function cells(values: Readonly<Record<string, string | number | undefined>>) {
  const filled = Object.entries(values).flatMap(([column, value]) =>
    value === undefined || value === "" ? [] : [[column, String(value)] as const],
  );
  return Object.fromEntries(filled);
}

/** The columns that every object has. */
export function nameAndAge({ metadata }: KubeObject, { now }: View) {
  return { name: metadata.name, age: age(metadata.creationTimestamp, now) };
}

/** `3m ago`; empty when it never was. */
export function since(at: string | Date | null | undefined, now: Date): string {
  const text = age(at instanceof Date ? at.toISOString() : at, now);
  return text === "" ? "" : `${text} ago`;
}

/** `key=value` pairs of labels or quantities. */
export function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** Names, and how many more there are than the first `most`. */
export function names(all: readonly string[], most: number): string {
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(", ")} and ${rest} more` : all.join(", ");
}

/** Kinds of which a name and an age say enough in a list. */
export const plainRows: Rows = each((object, view) => ({
  state: "",
  health: "well",
  cells: cells({ ...nameAndAge(object, view) }),
}));
