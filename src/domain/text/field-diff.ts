import { diffArrays } from "diff";
import { isObject, type Json } from "#domain/json.ts";
import { clip, quoted } from "./untrusted.ts";

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

/** Characters of one value that are shown. */
const MAX_VALUE = 120;

/** One change, indented; text of several lines by its lines. */
export function fieldLines({ path, before, after }: FieldChange): readonly string[] {
  const at = `  ${pathText(path)}:`;
  if (isBlock(before) || isBlock(after)) return [at, ...blockLines(before, after)];
  if (before === undefined) return [`${at} added ${shown(after)}`];
  if (after === undefined) return [`${at} removed (was ${shown(before)})`];
  const [was, is] = [shown(before), shown(after)];
  return [was === is ? `${at} changed` : `${at} ${was} → ${is}`];
}

function isBlock(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

function blockLines(before: Json | undefined, after: Json | undefined): readonly string[] {
  return diffArrays(linesOf(before), linesOf(after)).flatMap(({ added, removed, value }) => {
    const sign = added ? "+" : "-";
    return added || removed ? value.map((line) => `    ${sign} ${clip(line, MAX_VALUE)}`) : [];
  });
}

function linesOf(value: Json | undefined): string[] {
  return value === undefined
    ? []
    : `${typeof value === "string" ? value : shown(value)}`.split("\n");
}

/** A value on one line: plain words as they are, other text in quotes. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value !== "string") return clip(JSON.stringify(value), MAX_VALUE);
  return /^[\w./:@%()-]+$/.test(value) ? clip(value, MAX_VALUE) : quoted(value, MAX_VALUE);
}
