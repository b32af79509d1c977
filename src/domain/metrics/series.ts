export interface Point {
  readonly at: Date;
  readonly value: number;
}

/** One statistic of one metric over time, oldest first. Gaps are gaps, not zeros. */
export interface Series {
  readonly statistic: string;
  readonly points: readonly Point[];
}
