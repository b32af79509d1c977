import { count } from "./table.ts";

/** The first `most` texts, and how many of what were left out. */
export function atMost(texts: readonly string[], most: number, what: string): readonly string[] {
  if (texts.length <= most) return texts;
  return [...texts.slice(0, most), `… ${count(texts.length - most, `more ${what}`)}`];
}
