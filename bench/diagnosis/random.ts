/** Chances that repeat with the seed. */
export interface Random {
  /** A whole number of both ends or between. */
  int(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  chance(share: number): boolean;
  /** So many letters of names that Kubernetes makes, which avoid vowels (apimachinery, util/rand). */
  suffix(length: number): string;
  uid(): string;
}

/** Mulberry32: 32 bits of state, the same on every machine. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const letters = (from: string, length: number) =>
    Array.from({ length }, () => from.charAt(int(0, from.length - 1))).join("");
  const hex = (length: number) => letters("0123456789abcdef", length);
  return {
    int,
    pick(from) {
      const picked = from[int(0, from.length - 1)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    chance: (share) => next() < share,
    suffix: (length) => letters("bcdfghjklmnpqrstvwxz2456789", length),
    uid: () => [8, 4, 4, 4, 12].map(hex).join("-"),
  };
}

/** One number of several, so that neighbouring cases have nothing in common. */
export function mixed(...numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => Math.imul(sum ^ each, 0x9e3779b1) >>> 0, 0x85ebca6b);
}
