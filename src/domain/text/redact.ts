import { isObject, type Json, type JsonObject } from "#domain/json.ts";

const MASK = "[redacted]";

/**
 * Shapes that are secrets wherever they stand. Each is linear: no nested repetition.
 * Prefixes as their vendors publish them.
 */
const SECRET_SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,64}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}\b/g,
  /\bxapp-[A-Za-z0-9-]{10,255}\b/g,
  /\bAIza[A-Za-z0-9_-]{35}\b/g,
  /\bsk-(?:ant|proj|live|test)-[A-Za-z0-9_-]{16,255}/g,
  /\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{0,1000}/g,
  /\bhttps:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/]{10,200}/g,
];

/** What stands before a secret: a name that ends so, then a sign. Quotes may be escaped, as in JSON within JSON. */
const named = (ends: string) =>
  String.raw`(?:^|[^A-Za-z])[A-Za-z0-9_.-]{0,60}(?:${ends})\\{0,3}["']?\s{0,3}[:=]\s{0,3}`;
const PASSWORD = named("password|passwd|passphrase|pwd");
const TOKEN = named("(?:secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?");
/** Such settings hold numbers and switches too. */
const PLAIN_VALUE = String.raw`(?!\d{1,12}\b|true\b|false\b|null\b)`;

/** One character of a value without quotes. */
const BARE = String.raw`(?:[^\s"',;&\\]|\\(?!["']))`;

/** Values in quotes, to their end, spaces and all. */
function inQuotes(before: string, after: string): readonly RegExp[] {
  const ways = [
    [String.raw`\\{1,3}"`, String.raw`(?:[^"\\\n]|\\[^"\n]){1,500}`],
    ['"', String.raw`(?:[^"\\\n]|\\.){1,500}`],
    ["'", String.raw`[^'\n]{1,500}`],
  ];
  return ways.map(([quote, value]) => new RegExp(`(${before}${quote})${after}${value}`, "gi"));
}

/** Secrets that follow something that names them; the first group stays. */
const NAMED_SHAPES: readonly RegExp[] = [
  // A text that was cut within the password ends with the mark of `clip`.
  /\b([a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@]{0,200}:)[^\s/@]{1,500}(?=@|…)/gi,
  /\b(authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?(?:bearer|basic|token)?\s{0,3})[^\s"',;\\]{4,4000}/gi,
  /\b(bearer\s{1,3})[A-Za-z0-9._~+/-]{16,4000}=*/gi,
  /\b(AccountKey=)[A-Za-z0-9+/=]{20,200}/g,
  ...inQuotes(PASSWORD, ""),
  ...inQuotes(TOKEN, PLAIN_VALUE),
  new RegExp(`(${PASSWORD})${BARE}{1,500}`, "gi"),
  new RegExp(`(${TOKEN})${PLAIN_VALUE}${BARE}{6,500}`, "gi"),
];

const SECRET_NAME =
  /pass(?:word|wd|phrase)|^pwd$|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|^authorization$/i;
/** Names that look secret and hold none: names of things, counts, settings. */
const PLAIN_NAME =
  /(?:name|names|ref|refs|key_names|keys|count|limit|ttl|seconds|max|min|max_tokens|tokens)$/i;

/** Characters that deceive a reader or a terminal: C0, C1, escapes, bidi controls, zero width. */
const DECEIVING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is stripped
  /\u001b\[[0-9;?]{0,20}[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Text without secrets and without characters that deceive. */
export function cleanText(text: string): string {
  let clean = text.toWellFormed().replaceAll("\r\n", "\n").replaceAll(DECEIVING, "");
  for (const shape of SECRET_SHAPES) clean = clean.replaceAll(shape, MASK);
  for (const shape of NAMED_SHAPES) clean = clean.replaceAll(shape, `$1${MASK}`);
  return clean;
}

/** The value without secrets, by shape and by the names of fields, and without deceiving characters. */
export function cleanJson(value: Json): Json {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map((each: Json) => cleanJson(each));
  return isJsonObject(value) ? cleanObject(value) : value;
}

/** As `cleanJson`, for an object. */
export function cleanObject(value: JsonObject): JsonObject {
  const secretEntry = typeof value.name === "string" && isSecretName(value.name);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const masked = isSecretName(name) || (secretEntry && name === "value");
      return [cleanText(name), masked ? maskValue(each) : cleanJson(each ?? null)];
    }),
  );
}

/** A setting with such a name (environment variable, Helm value, field) holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PLAIN_NAME.test(name);
}

function maskValue(value: Json | undefined): Json {
  if (typeof value === "string") return value === "" ? "" : MASK;
  if (typeof value === "number") return MASK;
  return cleanJson(value ?? null);
}

function isJsonObject(value: Json): value is JsonObject {
  return isObject(value);
}
