import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "simple-statistics";
import { firstList, type Start } from "../first-list.ts";
import type { BenchOptions, BenchResult, Suite } from "../suite.ts";
import { makeBundles } from "./bundles.ts";

/** The first starts fill the file cache and make the store. */
const WARM_UP = 2;

export const start: Suite = {
  name: "start",
  question: "How much longer than a one-tool server does Firewatch take to list its tools?",
  async run({ rounds }: BenchOptions): Promise<BenchResult> {
    const bundles = await makeBundles();
    const home = await mkdtemp(join(tmpdir(), "firewatch-bench-"));
    const env = { HOME: home, XDG_STATE_HOME: home, PATH: process.env.PATH ?? "" };
    try {
      const pairs = await measure(rounds, {
        oneTool: () => firstList([bundles.oneTool], env),
        firewatch: () => firstList([bundles.firewatch, "--sandbox"], env),
      });
      return result(pairs.slice(WARM_UP));
    } finally {
      await Promise.all([bundles.remove(), rm(home, { recursive: true, force: true })]);
    }
  },
};

interface Pair<T> {
  readonly oneTool: T;
  readonly firewatch: T;
}

/** By turns, so that what else the machine does befalls both. */
async function measure(
  rounds: number,
  { oneTool, firewatch }: Pair<() => Promise<Start>>,
): Promise<readonly Pair<Start>[]> {
  const pairs: Pair<Start>[] = [];
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    pairs.push({ oneTool: await oneTool(), firewatch: await firewatch() });
  }
  return pairs;
}

function result(pairs: readonly Pair<Start>[]): BenchResult {
  const oneTool = row(
    "one-tool",
    pairs.map((pair) => pair.oneTool),
  );
  const firewatch = row(
    "firewatch",
    pairs.map((pair) => pair.firewatch),
  );
  const ratio = rounded(firewatch.median_ms / oneTool.median_ms, 2);
  return { rows: [oneTool, firewatch], summary: { ratio } };
}

function row(server: string, starts: readonly Start[]) {
  const times = starts.map(({ ms }) => ms);
  return {
    server,
    tools: starts[0]?.tools.length ?? 0,
    starts: starts.length,
    median_ms: rounded(median(times), 1),
    min_ms: rounded(Math.min(...times), 1),
    max_ms: rounded(Math.max(...times), 1),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
