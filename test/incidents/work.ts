import { guideOver, type Page } from "#cli/demo/guide.ts";
import { walk } from "#cli/demo/walk.ts";
import { type ConnectOptions, connect } from "../support/connect.ts";

export interface Worked {
  readonly outcome: string;
  readonly why: string;
  /** Tools in the order of their calls. */
  readonly calls: readonly string[];
  /** What the person was shown. */
  readonly questions: readonly string[];
  readonly house: Awaited<ReturnType<typeof connect>>["house"];
  readonly call: Awaited<ReturnType<typeof connect>>["call"];
}

/** Nobody reads along. */
const noPage: Page = {
  heading: async () => {},
  called: async () => {},
  answered: async () => {},
  says: async () => {},
};

/** The demo's walk over a real client, with a person who approves what names this target. */
export async function work(options: ConnectOptions, target: string): Promise<Worked> {
  const questions: string[] = [];
  const connection = await connect({
    answer(message) {
      questions.push(message);
      return { action: "accept", content: { approve: true, target } };
    },
    ...options,
  });
  const calls: string[] = [];
  const caller = {
    async call(name: string, args: Readonly<Record<string, unknown>>) {
      calls.push(name);
      const { text, value, failed } = await connection.call(name, { ...args });
      return { text, structured: value, failed };
    },
  };
  const ending = await walk(guideOver(caller, noPage));
  return { ...ending, calls, questions, house: connection.house, call: connection.call };
}

/** Actions that reached the world since long before the incident. */
export async function changesMade({ house }: Worked) {
  return await (await house.records()).actions.appliedSince(new Date(0));
}
