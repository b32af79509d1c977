import { inspect } from "node:util";

/** Figures for whoever reads the run: what a test holds, it also shows. */
export function print(figures: unknown): void {
  const text = typeof figures === "string" ? figures : inspect(figures, { breakLength: 100 });
  process.stdout.write(`${text}\n`);
}
