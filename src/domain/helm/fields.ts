import { isObject, type Json } from "#domain/json.ts";

/** A field that differs. `undefined` on a side: it is not there. */
export interface FieldChange {
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * Fields that differ, in the order of their paths. Lists whose items are named (containers, variables,
 * ports) are compared by name and appear in paths as `[name]`; other lists by position.
 */
export function diffFields(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): readonly FieldChange[] {
  const left = children(before);
  const right = children(after);
  if (left === undefined || right === undefined || left.style !== right.style) {
    return same(before, after) ? [] : [{ path, before, after }];
  }
  const keys = new Set([...left.of.keys(), ...right.of.keys()]);
  return [...keys].sort().flatMap((key) => {
    return diffFields(left.of.get(key), right.of.get(key), [...path, key]);
  });
}

interface Children {
  readonly style: "fields" | "named" | "positions";
  readonly of: ReadonlyMap<string, Json | undefined>;
}

function children(value: Json | undefined): Children | undefined {
  if (Array.isArray(value)) return items(value);
  if (!isObject(value)) return;
  return { style: "fields", of: new Map(Object.entries(value)) };
}

function items(list: readonly Json[]): Children {
  const names = list.map((item) => {
    return isObject(item) && typeof item.name === "string" ? item.name : undefined;
  });
  const named = names.every((name) => name !== undefined) && new Set(names).size === list.length;
  const key = (index: number) => `[${named ? names[index] : index}]`;
  return {
    style: named ? "named" : "positions",
    of: new Map(list.map((item, index) => [key(index), item])),
  };
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

/** `spec.template.spec.containers[app].image`; keys with dots or slashes in quotes. */
export function pathText(path: readonly string[]): string {
  return path.reduce((text, part) => {
    if (part.startsWith("[")) return text + part;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
