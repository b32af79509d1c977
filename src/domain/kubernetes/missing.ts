import { closest } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import { kindNames } from "./kinds.ts";
import type { ObjectRef } from "./object.ts";

/** What there is instead of an object or namespace that is not there. */
export interface Surroundings {
  /** Names of the same kind in the same place. */
  readonly siblings: readonly string[];
  /** Other namespaces that hold an object of this kind and name. */
  readonly elsewhere: readonly string[];
}

/** Most names in a hint. */
const MOST = 10;

/** `not_found`, with what may have been meant. */
export function missingObject(ref: ObjectRef, { siblings, elsewhere }: Surroundings): OpsError {
  const { one, many } = kindNames(ref.kind);
  const where = ref.namespace === undefined ? "" : ` in namespace ${ref.namespace}`;
  const hints = [
    elsewhere.length > 0 ? `It is in namespace ${elsewhere.slice(0, MOST).join(", ")}.` : "",
    namesHint(ref.name, siblings),
    siblings.length + elsewhere.length === 0 ? `There are no ${many} to be seen${where}.` : "",
  ];
  return new OpsError(
    "not_found",
    `There is no ${one} ${ref.name}${where}.`,
    hints.filter((hint) => hint !== "").join(" "),
  );
}

/** `not_found` for an object of a kind that was found by discovery. */
export function missingServed(
  { one, many }: { readonly one: string; readonly many: string },
  { name, namespace }: { readonly name: string; readonly namespace?: string },
  siblings: readonly string[],
): OpsError {
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  const hint = namesHint(name, siblings) || `There are no ${many} to be seen${where}.`;
  return new OpsError("not_found", `There is no ${one} ${name}${where}.`, hint);
}

/** `not_found` for a namespace that does not exist. */
export function missingNamespace(namespace: string, known: readonly string[]): OpsError {
  const hint = namesHint(namespace, known) || "Check the name and the cluster.";
  return new OpsError("not_found", `There is no namespace ${namespace}.`, hint);
}

function namesHint(name: string, known: readonly string[]): string {
  const close = closest(name, known);
  if (close.length > 0) return `Close names: ${close.join(", ")}.`;
  return known.length > 0 ? `There are: ${known.slice(0, MOST).join(", ")}.` : "";
}
