import type { Samples } from "./source.ts";

/** A statistic as CloudWatch names it, over the samples of one period; `undefined` for a name it does not know. */
export function statisticOf(statistic: string, minutes: readonly Samples[]): number | undefined {
  const count = total(minutes.map((m) => m.count));
  const sum = total(minutes.map((m) => mean(m.values) * m.count));
  const values = minutes.flatMap((m) => m.values);
  switch (statistic) {
    case "SampleCount":
      return count;
    case "Sum":
      return sum;
    case "Average":
      return count === 0 ? undefined : sum / count;
    case "Minimum":
      return Math.min(...values);
    case "Maximum":
      return Math.max(...values);
    default:
      return percentile(statistic, values);
  }
}

function percentile(name: string, values: readonly number[]): number | undefined {
  const [, rank] = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name) ?? [];
  if (rank === undefined) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (Number(rank) / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : total(values) / values.length;
}
