import { stringify } from "yaml";
import { isObject, type Json, type JsonObject, toJson, toJsonObject } from "#domain/json.ts";
import { closest } from "#domain/text/closest.ts";
import { cleanJson, isSecretName } from "#domain/text/redact.ts";
import { approximateTokens } from "#domain/text/tokens.ts";
import { clip } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";

const MASK = "[redacted]";
/** Charts keep whole maps of secrets under such a name: everything below is one. */
const BELOW = /^(?:secrets?|credentials?|stringdata|secretdata|secretenv|envsecrets?)$/i;
/** Below it these name things and hold no secret. */
const NAMING = /(?:name|ref|^key|^type|^path)$/i;

/** Values without secrets, by the names of keys and by shape. */
export function maskedValues(values: JsonObject): JsonObject {
  const masked = cleanJson(below(values, false));
  return isObject(masked) ? toJsonObject(masked) : {};
}

function below(value: Json, secret: boolean): Json {
  if (Array.isArray(value)) return value.map((each: Json) => below(each, secret));
  if (isObject(value)) return objectBelow(toJsonObject(value), secret);
  return secret && (typeof value === "number" || (typeof value === "string" && value !== ""))
    ? MASK
    : value;
}

function objectBelow(value: JsonObject, secret: boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const plain = NAMING.test(key) && !isSecretName(key);
      return [key, below(inner ?? null, BELOW.test(key) || (secret && !plain))];
    }),
  );
}

/** The part of the values under a dotted path. Throws `not_found` with the keys that there are. */
export function valuesUnder(values: JsonObject, path: string): Json {
  let at: Json = values;
  const walked: string[] = [];
  for (const part of path.split(".")) {
    const known: JsonObject = isObject(at) ? toJsonObject(at) : {};
    if (!Object.hasOwn(known, part)) throw noKey(walked, part, Object.keys(known));
    at = toJson(known[part]);
    walked.push(part);
  }
  return at;
}

function noKey(walked: readonly string[], part: string, keys: readonly string[]): OpsError {
  const where = walked.length === 0 ? "" : ` under ${walked.join(".")}`;
  const like = closest(part, keys);
  const known = (like.length > 0 ? like : keys).slice(0, 10).map((key) => clip(key, 60));
  return new OpsError(
    "not_found",
    `There is no key ${JSON.stringify(part)}${where}.`,
    known.length > 0 ? `Keys there: ${known.join(", ")}.` : "There are no keys there.",
  );
}

/** Longest line that is shown. */
const MAX_LINE = 200;

/** YAML within so many tokens, by whole lines. */
export function boundedYaml(value: Json, tokens: number): { lines: string[]; leftOut: number } {
  const all = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
    .trimEnd()
    .split("\n")
    .map((line) => clip(line, MAX_LINE));
  let used = 0;
  const most = all.findIndex((line) => {
    used += approximateTokens(line) + 1;
    return used > tokens;
  });
  const lines = most < 0 ? all : all.slice(0, Math.max(1, most));
  return { lines, leftOut: all.length - lines.length };
}
