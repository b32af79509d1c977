import type { BenchOptions, Suite } from "../suite.ts";

/** When the cases take place. */
const NOW = new Date("2026-05-12T09:30:00Z");

export const diagnosis: Suite = {
  name: "diagnosis",
  question:
    "Does diagnose_workload name the cause of each sort of trouble first, and accuse nothing healthy?",
  async run({ seed, rounds }: BenchOptions) {
    // All of the server comes with it.
    const { casesOf } = await import("./cases.ts");
    const { judge, rows, summary } = await import("./judge.ts");
    const judged = await judge(casesOf(seed, rounds, NOW));
    return { rows: rows(judged), summary: summary(judged) };
  },
};
