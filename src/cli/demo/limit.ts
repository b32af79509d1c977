/** What an alarm compares with what, read from its own words. */
export interface Limit {
  readonly statistic: string;
  readonly operator: string;
  readonly threshold: number;
}

/** From `p90 of Team/Web Latency {…} > 1.5, 3 of 5 periods`; nothing when the alarm is of another kind. */
export function limitOf(watches: string): Limit | undefined {
  const found = /^(\S+) of .*? (>=|>|<=|<) (-?[\d.]+(?:e[+-]?\d+)?)(?:[,\s]|$)/.exec(watches);
  const [, statistic, operator, threshold] = found ?? [];
  if (statistic === undefined || operator === undefined) return undefined;
  return { statistic, operator, threshold: Number(threshold) };
}

export function breaches(value: number, { operator, threshold }: Limit): boolean {
  if (operator === ">") return value > threshold;
  if (operator === ">=") return value >= threshold;
  return operator === "<" ? value < threshold : value <= threshold;
}
