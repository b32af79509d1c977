import { createHash, timingSafeEqual } from "node:crypto";

/** A caller and its bearer token's SHA-256 in hex. */
export interface TokenHash {
  readonly name: string;
  readonly sha256: string;
}

/** The name of the caller whose token stands in an Authorization header. Takes as long for every token. */
export function callerOf(
  authorization: string | undefined,
  tokens: readonly TokenHash[],
): string | undefined {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  const digest = createHash("sha256").update(token).digest();
  const matching = tokens.filter(({ sha256 }) =>
    timingSafeEqual(digest, Buffer.from(sha256, "hex")),
  );
  return matching[0]?.name;
}
