import type * as z from "zod";
import { OpsError } from "#errors.ts";
import type { Caller } from "./caller.ts";

/** Where the walk tells what it does. */
export interface Page {
  heading(text: string): Promise<void>;
  called(tool: string, args: Readonly<Record<string, unknown>>): Promise<void>;
  answered(lines: readonly string[]): Promise<void>;
  /** What the walk makes of it. */
  says(text: string): Promise<void>;
}

type Args = Readonly<Record<string, unknown>>;

/** Calls tools and shows each call with a shortened answer. */
export interface Guide {
  readonly page: Page;
  /** The answer; `undefined` when the tool refused, which the page tells. */
  look<T>(tool: string, args: Args, schema: z.ZodType<T>, show: Show<T>): Promise<T | undefined>;
  /** The same for what the walk cannot do without: throws when the tool refused. */
  need<T>(tool: string, args: Args, schema: z.ZodType<T>, show: Show<T>): Promise<T>;
}

/** The answer in the few lines that a person reads. */
type Show<T> = (answer: T) => readonly string[];

/** Lines of a refusal that tell what it is and what to do. */
const REFUSAL_LINES = 2;

export function guideOver(caller: Caller, page: Page): Guide {
  const look: Guide["look"] = async (tool, args, schema, show) => {
    await page.called(tool, args);
    const { text, structured, failed } = await caller.call(tool, args);
    if (failed) {
      await page.answered(text.split("\n").slice(0, REFUSAL_LINES));
      return undefined;
    }
    const answer = schema.parse(structured);
    await page.answered(show(answer));
    return answer;
  };
  return {
    page,
    look,
    async need(tool, args, schema, show) {
      const answer = await look(tool, args, schema, show);
      if (answer !== undefined) return answer;
      throw new OpsError(
        "backend_error",
        `${tool} was refused, and the walk cannot go on without it.`,
        "Its answer above says why.",
      );
    },
  };
}
