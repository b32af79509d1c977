import { isObject } from "#domain/json.ts";

/** CloudWatch takes at most so many dimensions. */
const MAX_DIMENSIONS = 30;

/**
 * Dimensions as one object of texts, from an object, from AWS's list of `Name` and `Value`, or from either as JSON
 * text. A text that says what is wrong, when it can be read as none of them: a wrong dimension left out would
 * answer with another series.
 */
export function readDimensions(raw: unknown): Record<string, string> | string {
  const value = typeof raw === "string" ? parsed(raw) : raw;
  const pairs = Array.isArray(value)
    ? value.map(listed)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (!Array.isArray(value) && !isObject(value))
    return 'must be an object such as {"Name": "value"}';
  if (pairs.length > MAX_DIMENSIONS) return `must hold at most ${MAX_DIMENSIONS} dimensions`;
  const good = pairs.filter(isDimension);
  if (good.length < pairs.length) return "must map names to texts of 1 to 1024 characters";
  if (new Set(good.map(([name]) => name)).size < good.length)
    return "must name each dimension once";
  return Object.fromEntries(good);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listed(entry: unknown): readonly [unknown, unknown] {
  if (!isObject(entry)) return [undefined, undefined];
  return [entry.Name ?? entry.name, entry.Value ?? entry.value];
}

function isDimension(pair: readonly [unknown, unknown]): pair is readonly [string, string] {
  const [name, value] = pair;
  return isText(name, 255) && !name.startsWith(":") && name !== "__proto__" && isText(value, 1024);
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length <= most && /^\P{Cc}+$/u.test(value);
}
