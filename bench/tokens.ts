import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { mean, sum } from "simple-statistics";
import { firstList, type Listed } from "./first-list.ts";
import type { Suite } from "./suite.ts";

const SERVER = join(import.meta.dirname, "..", "src", "server.ts");

export const tokens: Suite = {
  name: "tokens",
  question: "How many tokens (o200k) does a model read of each tool, and of the default list?",
  async run() {
    const home = await mkdtemp(join(tmpdir(), "firewatch-bench-"));
    try {
      const rows = (await list(home, "all")).map(row);
      const usual = (await list(home, "default")).map(row);
      return { rows: rows.toSorted((a, b) => b.tokens - a.tokens), summary: summary(rows, usual) };
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

type Counted = ReturnType<typeof row>;

async function list(home: string, toolsets: string): Promise<readonly Listed[]> {
  const env = { HOME: home, XDG_STATE_HOME: home, PATH: process.env.PATH ?? "" };
  const { tools } = await firstList([SERVER, "--sandbox", "--toolsets", toolsets], env);
  return tools;
}

/** What a model reads of a tool: the output schema and the annotations are for its host. */
function row({ name, description, inputSchema }: Listed) {
  return { tool: name, tokens: countTokens(JSON.stringify({ name, description, inputSchema })) };
}

function summary(rows: readonly Counted[], usual: readonly Counted[]) {
  const counts = rows.map((each) => each.tokens);
  return {
    average: Math.round(mean(counts)),
    largest: Math.max(...counts),
    default_list: sum(usual.map((each) => each.tokens)),
  };
}
