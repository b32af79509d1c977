import { stringify } from "yaml";
import { isObject, type Json, type JsonObject, toJsonObject } from "#domain/json.ts";
import { cleanObject } from "#domain/text/redact.ts";
import { clip } from "#domain/text/untrusted.ts";
import type { KubeObject } from "./object.ts";

const HIDDEN = "(hidden)";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * An object as it may be shown: no values of Secrets, not even of one that another object holds, no values of
 * environment variables, no managed fields and no copy of what was last applied.
 */
export function shownObject(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return cleanObject(hidden(toJsonObject({ ...object, metadata: pruned(metadata) })));
}

/** Without the empty maps and lists that reading an object adds. */
function pruned(metadata: object): object {
  const filled = Object.entries(metadata).filter(
    ([, value]) => !isObject(value) || Object.keys(value).length > 0,
  );
  return Object.fromEntries(
    filled.filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
}

function hidden(object: JsonObject): JsonObject {
  const secret = object.kind === "Secret";
  const entries = Object.entries(object).flatMap(([key, value]) => {
    if (key === LAST_APPLIED || value === undefined) return [];
    if (secret && (key === "data" || key === "stringData")) return [[key, emptied(value)] as const];
    if (key === "env" && Array.isArray(value)) return [[key, value.map(variable)] as const];
    return [[key, within(value)] as const];
  });
  return Object.fromEntries(entries);
}

function within(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => within(each));
  return isJsonObject(value) ? hidden(value) : value;
}

function emptied(data: Json): Json {
  if (!isJsonObject(data)) return HIDDEN;
  return Object.fromEntries(Object.keys(data).map((key) => [key, HIDDEN]));
}

/** One environment variable: where its value comes from is shown, a value that stands there is not. */
function variable(entry: Json): Json {
  if (!isJsonObject(entry)) return HIDDEN;
  return "value" in entry ? { ...entry, value: HIDDEN } : entry;
}

function isJsonObject(value: Json): value is JsonObject {
  return isObject(value);
}

/** Characters of a line; a setting on one line may be a whole file. */
const LINE = 400;

/** The object as YAML, at most so many characters in whole lines, and how many lines were left out. */
export function objectYaml(
  object: KubeObject,
  most: number,
): { readonly yaml: string; readonly linesLeftOut: number } {
  const lines = stringify(shownObject(object), { lineWidth: 0 })
    .trimEnd()
    .split("\n")
    .map((line) => clip(line, LINE));
  let used = 0;
  const shown = lines.filter((line) => {
    used += line.length + 1;
    return used <= most;
  });
  return { yaml: shown.join("\n"), linesLeftOut: lines.length - shown.length };
}
