import { createHash } from "node:crypto";

type Key = string | number;

/** A number in [0, 1) that depends on nothing but its arguments. */
export function noise(seed: number, ...keys: readonly Key[]): number {
  return hash(seed, keys) / 0x1_0000_0000;
}

/** As `noise`, spread evenly over [low, high). */
export function between(low: number, high: number, seed: number, ...keys: readonly Key[]): number {
  return low + (high - low) * noise(seed, ...keys);
}

/** One of the items. */
export function pick<T>(items: readonly [T, ...T[]], seed: number, ...keys: readonly Key[]): T {
  return items[Math.floor(noise(seed, ...keys) * items.length)] ?? items[0];
}

/** So many hex digits that depend on nothing but the arguments. */
export function hex(length: number, seed: number, ...keys: readonly Key[]): string {
  return createHash("sha256")
    .update([seed, ...keys].join("\n"))
    .digest("hex")
    .slice(0, length);
}

/** A UUID that depends on nothing but the arguments. */
export function uid(seed: number, ...keys: readonly Key[]): string {
  const h = hex(32, seed, ...keys);
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
}

/** Letters that Kubernetes uses for the random ends of names. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

export function suffix(length: number, seed: number, ...keys: readonly Key[]): string {
  const at = (i: number) => Math.floor(noise(seed, ...keys, i) * ALPHABET.length);
  return Array.from({ length }, (_, i) => ALPHABET.charAt(at(i))).join("");
}

/** 32 bits. */
function hash(seed: number, keys: readonly Key[]): number {
  let bits = (seed ^ 0x811c9dc5) >>> 0;
  for (const key of keys) bits = typeof key === "number" ? number(bits, key) : text(bits, key);
  return finish(bits);
}

function text(before: number, key: string): number {
  let h = before;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  return Math.imul(h ^ 0xff, 0x01000193) >>> 0;
}

function number(before: number, key: number): number {
  const high = Math.floor(key / 0x1_0000_0000);
  const h = Math.imul(before ^ (key >>> 0), 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15) ^ high, 0xc2b2ae35) >>> 0;
}

function finish(bits: number): number {
  let h = bits;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
