import { createHash } from "node:crypto";

/** The same bytes in every run, spread as random ones are: codes take a remainder of each. */
export function seededBytes(seed = 1): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => {
    calls += 1;
    return createHash("sha512").update(`${seed} ${calls}`).digest().subarray(0, length);
  };
}
