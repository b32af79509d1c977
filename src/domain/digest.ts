import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "./json.ts";

/** SHA-256, in hex, of the value's canonical JSON (RFC 8785): equal values have equal digests. */
export function digest(value: Json): string {
  return createHash("sha256")
    .update(canonicalize(value) ?? "null")
    .digest("hex");
}
