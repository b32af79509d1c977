import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** A person sets and types it: shorter ones are guessed. */
export const MIN_PASSPHRASE = 8;

/** scrypt with 64 MiB and about a fifth of a second: OWASP's first choice of parameters, with N = 2^16. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const BYTES = 32;

const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);

/** `scrypt:<salt>:<hash>`, both in base64. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(passphrase.normalize(), salt, BYTES, COST);
  return `scrypt:${salt.toString("base64")}:${hash.toString("base64")}`;
}

export async function isPassphrase(passphrase: string, stored: string): Promise<boolean> {
  const [, salt = "", hash = ""] = stored.split(":");
  const expected = Buffer.from(hash, "base64");
  const given = await derive(passphrase.normalize(), Buffer.from(salt, "base64"), BYTES, COST);
  return expected.length === BYTES && timingSafeEqual(given, expected);
}
