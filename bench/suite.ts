/** What a suite may be told on the command line. */
export interface BenchOptions {
  /** A folder with data that is not in the repository. */
  readonly data?: string;
  /** For suites that draw at random. */
  readonly seed: number;
  /** How often each thing is measured, in suites that measure time. */
  readonly rounds: number;
}

export type Row = Readonly<Record<string, string | number>>;

/** The measures that a claim is made of, with the rows that they come from. */
export interface BenchResult {
  readonly rows: readonly Row[];
  readonly summary: Readonly<Record<string, number>>;
}

export interface Suite {
  readonly name: string;
  /** The question that it answers. */
  readonly question: string;
  run(options: BenchOptions): Promise<BenchResult>;
}
