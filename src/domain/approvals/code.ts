/** No vowels, and nothing that can be mistaken for another: no 0 O, 1 I L, 2 Z, 5 S, 8 B. */
const ALPHABET = "3467CDFGHJKMNPQRTVWXY9";

/** A code such as `K7XD-4PQM` from at least eight random bytes. */
export function approvalCode(random: Uint8Array): string {
  const letters = [...random.slice(0, 8)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? "X");
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/** The code as it is stored, from one that a person typed: case, spaces and the dash do not matter. */
export function normalizeCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}
