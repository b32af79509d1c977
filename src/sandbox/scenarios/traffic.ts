import { DAY, MINUTE } from "#domain/window.ts";
import { between } from "#sandbox/noise.ts";

/** Work that arrives in a minute: a daily wave and some noise around `base`. */
export function arrivals(base: number, seed: number, key: string, minute: number): number {
  const wave = 1 + 0.12 * Math.sin((2 * Math.PI * (minute % DAY)) / DAY);
  return Math.round(base * wave * between(0.94, 1.06, seed, key, "arrivals", minute));
}

/** Of `n` the share `p`, with a little noise, as a whole number. */
export function shareOf(n: number, p: number, seed: number, key: string, minute: number): number {
  const noisy = n * p * between(0.93, 1.07, seed, key, "share", minute);
  return Math.min(n, Math.floor(noisy + between(0, 1, seed, key, "rounding", minute)));
}

/** `n` instants spread over the minute, in order. */
export function instants(n: number, minute: number, seed: number, key: string): readonly number[] {
  return Array.from({ length: n }, (_, i) => {
    const slot = MINUTE / n;
    return Math.floor(minute + slot * (i + between(0, 1, seed, key, "instant", minute, i)));
  });
}

/** From 0 at `low` to 1 at `high`, smoothly. */
export function smooth(low: number, high: number, value: number): number {
  const x = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return x * x * (3 - 2 * x);
}
