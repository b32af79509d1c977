import { isIP } from "node:net";
import * as z from "zod";
import type { TokenHash } from "#http/tokens.ts";

/** Where HTTP listens. Port 0 lets the system choose. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 8080;
export const DEFAULT_ADDRESS = `${DEFAULT_HOST}:${DEFAULT_PORT}`;

export function oneOf<const T extends readonly [string, ...string[]]>(choices: T) {
  return z.enum(choices, { error: `not one of ${choices.join(", ")}` });
}

/** Values separated by commas; spaces around them do not count. */
export const list = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .refine((parts) => parts.every((part) => part !== ""), "empty, or has an empty part");

export function wholeNumber(min: number, max: number) {
  const error = `not a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, error)
    .transform(Number)
    .pipe(z.int().min(min, error).max(max, error));
}

/** `host:port`, `host`, `port` or `[address]:port`. */
export const address = z.string().transform((text, context): Address => {
  const found = parseAddress(text);
  if (found !== undefined) return found;
  context.addIssue("not an address such as 127.0.0.1:8080, [::1]:8080 or 8080");
  return z.NEVER;
});

function parseAddress(text: string): Address | undefined {
  const parts =
    /^(?:\[(?<six>[^\]]+)\]|(?<host>[A-Za-z0-9.-]*[A-Za-z.-][A-Za-z0-9.-]*|[\d.]+\.\d+))?(?::?(?<port>\d{1,5}))?$/.exec(
      text,
    )?.groups;
  if (parts === undefined || text === "") return undefined;
  const { six, host = six ?? DEFAULT_HOST, port = String(DEFAULT_PORT) } = parts;
  if (six !== undefined && isIP(six) !== 6) return undefined;
  return Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

export const hostNames = list.pipe(
  z.array(z.string().regex(/^[\w.-]+$/, "not a list of host names without ports")),
);

export const origins = list.refine(
  (each) => each.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
  "not a list of origins such as https://console.example.com",
);

/** `name:sha256,…`, the digest in 64 hexadecimal digits. */
export const tokenHashes = list
  .refine(
    (parts) => parts.every((part) => /^[\w.@-]{1,64}:[0-9a-f]{64}$/i.test(part)),
    "not a list of name:sha256, each digest of 64 hexadecimal digits",
  )
  .transform((parts) => parts.map(tokenHash))
  .refine(
    (tokens) => new Set(tokens.map(({ name }) => name)).size === tokens.length,
    "names a caller twice",
  );

function tokenHash(part: string): TokenHash {
  const at = part.indexOf(":");
  return { name: part.slice(0, at), sha256: part.slice(at + 1).toLowerCase() };
}

/** Below this length a token can be guessed over a network. */
const MIN_TOKEN_LENGTH = 16;
export const token = z
  .string()
  .min(MIN_TOKEN_LENGTH, `shorter than ${MIN_TOKEN_LENGTH} characters`)
  .regex(/^[\w.~+/=-]+$/, "holds characters that a bearer token cannot");
