import { isObject, type JsonObject } from "#domain/json.ts";
import type { PolicyCondition, PolicyRule } from "./policy.ts";

/** Arguments that say where, which a rule's `namespaces` and `clusters` govern. */
const PLACES = new Set(["namespace", "cluster", "region"]);

type Leaf = readonly [path: string, value: unknown];

/**
 * Why the rule's conditions on arguments do not hold; `undefined` when they do.
 * An automatic rule covers only what it names, so that a new argument cannot ride along. A rule that
 * restricts applies whatever else is given, so that an extra argument cannot slip past it.
 */
export function argumentMismatch(
  { arguments: conditions = {}, decision }: PolicyRule,
  args: JsonObject,
): string | undefined {
  const given = leaves(args);
  for (const [path, condition] of Object.entries(conditions)) {
    const values = given.filter(([name]) => name === path);
    if (values.length === 0) return `argument ${path} is not given`;
    if (!values.every(([, value]) => holds(condition, value)))
      return `argument ${path} is out of bounds`;
  }
  if (decision !== "automatic") return undefined;
  const unnamed = given.find(([path]) => !(Object.hasOwn(conditions, path) || PLACES.has(path)));
  return unnamed && `argument ${unnamed[0]} is not named by it`;
}

/** Every value by its dotted path. Lists are values of their own. */
function leaves(value: unknown, path = ""): readonly Leaf[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, path === "" ? key : `${path}.${key}`),
  );
}

function holds({ equals, one_of, at_most, at_least }: PolicyCondition, value: unknown): boolean {
  const size = toNumber(value);
  return (
    (equals === undefined || isSame(equals, value)) &&
    (one_of === undefined || one_of.some((bound) => isSame(bound, value))) &&
    (at_most === undefined || (size !== undefined && size <= at_most)) &&
    (at_least === undefined || (size !== undefined && size >= at_least))
  );
}

function isSame(bound: string | number | boolean, value: unknown): boolean {
  return typeof bound === "number" ? toNumber(value) === bound : value === bound;
}

/** A number, also in decimal text, as a ConfigMap holds it. Other spellings (0x10, 1e3) are no numbers here. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
