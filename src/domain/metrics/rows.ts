import type { Point, Series } from "./series.ts";
import { significant } from "./summary.ts";

/** The values of several statistics at one time, in their order; `undefined` where one has none. */
export interface Row {
  readonly at: Date;
  readonly values: readonly (number | undefined)[];
}

/** Every time at which any statistic has a value, oldest first. */
export function rows(series: readonly Series[]): Row[] {
  const columns = series.map(({ points }) => byTime(points));
  const times = new Set(columns.flatMap((column) => [...column.keys()]));
  return [...times]
    .sort((a, b) => a - b)
    .map((time) => ({
      at: new Date(time),
      values: columns.map((column) => column.get(time)),
    }));
}

function byTime(points: readonly Point[]): Map<number, number> {
  return new Map(points.map(({ at, value }) => [at.getTime(), significant(value)]));
}

/**
 * At most `most` of the rows, none of them changed: the first, the last and each statistic's lowest and
 * highest always, the rest the lowest and highest of the first statistic in equal stretches.
 */
export function thinned(all: readonly Row[], most: number): Row[] {
  if (all.length <= most) return [...all];
  const width = all[0]?.values.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => column);
  const kept = new Set([
    0,
    all.length - 1,
    ...columns.flatMap((c) => extremes(all, c, 0, all.length)),
  ]);
  const stretches = Math.max(0, Math.floor((most - kept.size) / 2));
  for (let i = 0; i < stretches; i++) {
    const bounds = [i, i + 1].map((edge) => Math.floor((edge * all.length) / stretches));
    for (const index of extremes(all, 0, bounds[0] ?? 0, bounds[1] ?? 0)) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b).flatMap((index) => all[index] ?? []);
}

/** Where the column is lowest and highest among the rows from `from` to before `to`. */
function extremes(all: readonly Row[], column: number, from: number, to: number): number[] {
  const known = all
    .slice(from, to)
    .flatMap(({ values }, offset) => {
      const value = values[column];
      return value === undefined ? [] : [{ index: from + offset, value }];
    })
    .sort((a, b) => a.value - b.value || a.index - b.index);
  return [known[0], known.at(-1)].flatMap((entry) => entry?.index ?? []);
}
