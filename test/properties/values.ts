import * as fc from "fast-check";

/** Times as people and models write them: good, foolish and wrong. */
export const times: readonly string[] = [
  "now",
  "now-90m",
  "now-2h",
  "now-1d",
  "2026-04-25T14:00:00Z",
  "2026-04-25T16:05:00+02:00",
  "2026-04-25",
  "2026-04-25T14:20",
];

export const wrongTimes: readonly string[] = [
  "2027-01-01T00:00:00Z",
  "now-400d",
  "now-999999d",
  "2025-03-01T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "0000-00-00",
  "9999-12-31T23:59:59Z",
  "now+1h",
  "-1h",
  "yesterday",
  "1745590953",
];

/** Texts that have broken programs before. */
const hostileTexts: readonly string[] = [
  "",
  " ",
  "a".repeat(10_240),
  "\u00e4".repeat(10_240),
  "-n",
  "--all-namespaces",
  "-",
  "data; rm -rf /",
  "$(reboot)",
  "`id`",
  "../../etc/passwd",
  "..",
  "/",
  "data\nkubectl delete pods --all",
  "data\r\nHost: evil",
  "data\u0000",
  "\u202Eatad",
  "data\u200B",
  "d\u0430ta",
  "\uff44\uff41\uff54\uff41",
  "CUSTOMER-ETL",
  "%00%2e%2e",
  "{{ .Values }}",
  "*",
  "**",
  "?",
  "(((((((((((((((((((((((((((((((((",
  "(a+)+$",
  "[",
  "{",
  '{ $.level = "ERROR" }',
  '"',
  "'",
  "%",
  "app in (",
  "a=b,c!=d,",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "undefined",
  "NaN",
  "\ud800",
];

const hostileNumbers: readonly number[] = [
  -1,
  0,
  -0,
  1.5,
  1e21,
  -1e21,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 31,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];

const nested = { a: { b: { c: [[[[{}]]]] } } };

/** A value that no careful caller sends, of any type. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.constantFrom(...hostileNumbers) },
  { weight: 2, arbitrary: fc.constantFrom(...wrongTimes) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, [], {}, nested, [nested, "x"], ["", ""]) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Arguments that are no arguments. */
export const notArguments: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  null,
  undefined,
  "release=customer-etl",
  7,
  [],
  ["customer-etl"],
  true,
);

/** A name as it is after a slip of the pen. */
export function nearMiss(name: string): fc.Arbitrary<string> {
  const middle = Math.floor(name.length / 2);
  return fc.constantFrom(
    `${name}-`,
    `-${name}`,
    `${name}s`,
    ` ${name}`,
    name.toUpperCase(),
    name.slice(0, -1),
    name.slice(1),
    name.slice(0, middle) + name.slice(middle + 1),
    name.slice(0, middle) + name.charAt(middle) + name.slice(middle),
    name.replaceAll("-", "_"),
    name.replaceAll("-", ""),
    `${name}.svc`,
    `data/${name}`,
  );
}
