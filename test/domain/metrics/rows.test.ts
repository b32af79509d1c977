import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rows, thinned } from "#domain/metrics/rows.ts";
import { MINUTE, shift } from "#domain/window.ts";
import { minutely, start } from "./points.ts";

const values = fc.array(fc.integer(), { minLength: 1, maxLength: 300 });

describe("rows", () => {
  it("lines several statistics up by time and leaves gaps open", () => {
    const second = minutely([7, 8]).slice(1);
    expect(
      rows([
        { statistic: "a", points: minutely([1, 2]) },
        { statistic: "b", points: second },
      ]),
    ).toEqual([
      { at: start, values: [1, undefined] },
      { at: shift(start, MINUTE), values: [2, 8] },
    ]);
  });
});

describe("thinned", () => {
  const columns = (...all: number[][]) =>
    rows(all.map((v) => ({ statistic: "", points: minutely(v) })));

  it("keeps rows as they are, in order, the ends and every extreme, and no more than asked", () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 6, max: 40 }), (a, b, most) => {
        const all = columns(a, b);
        const kept = thinned(all, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept).toEqual(all.filter((row) => kept.includes(row)));
        expect([kept[0], kept.at(-1)]).toEqual([all[0], all.at(-1)]);
        for (const [column, original] of [a, b].entries()) {
          const seen = kept.flatMap((row) => row.values[column] ?? []);
          expect(Math.max(...seen)).toBe(Math.max(...original));
          expect(Math.min(...seen)).toBe(Math.min(...original));
        }
      }),
    );
  });

  it("leaves a short series alone", () => {
    const all = columns([1, 2, 3]);
    expect(thinned(all, 3)).toEqual(all);
    expect(thinned([], 3)).toEqual([]);
  });
});
