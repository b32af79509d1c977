import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import * as z from "zod";
import type { Store } from "#store/index.ts";
import type { Case } from "./case.ts";
import { callsOver } from "./house.ts";

const answerSchema = z.object({ findings: z.array(z.object({ cause: z.string() })) });

/** What was named, the likeliest first, and what it cost to read. */
export interface Answer {
  readonly named: readonly string[];
  readonly tokens: number;
}

const caller = {
  principal: "bench",
  client: "bench",
  transport: "memory",
  verified: true,
} as const;

/** Asks `diagnose_workload` about the subject of a case. */
export async function ask(one: Case, store: Store): Promise<Answer> {
  const outcome = await callsOver(one, store).perform(
    "diagnose_workload",
    argumentsOf(one),
    caller,
  );
  if (outcome.kind !== "done")
    throw new Error(`${one.cause ?? "healthy"}: ${"text" in outcome ? outcome.text : ""}`);
  return {
    named: namedIn(outcome.structured),
    tokens: countTokens(outcome.text),
  };
}

export function argumentsOf({ subject, namespace }: Case) {
  return { resource_type: subject.type, name: subject.name, namespace };
}

export function namedIn(structured: unknown): readonly string[] {
  return answerSchema.parse(structured).findings.map(({ cause }) => cause);
}
