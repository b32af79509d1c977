import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";

/** The person at the keyboard, if there is one. */
export interface Terminal {
  /** Whether a person can be asked here: a program at the other end is not one. */
  readonly interactive: boolean;
  say(text: string): void;
  /** For what went wrong. */
  warn(text: string): void;
  /** The answer without its line's end; `undefined` when the input ended. */
  ask(question: string): Promise<string | undefined>;
  /** The same without showing what is typed. */
  askHidden(question: string): Promise<string | undefined>;
}

export interface Streams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly errors: NodeJS.WritableStream;
}

export function openTerminal({ input, output, errors }: Streams): Terminal {
  return {
    interactive: input.isTTY === true && output.isTTY === true,
    say: (text) => void output.write(`${text}\n`),
    warn: (text) => void errors.write(`${text}\n`),
    ask: (question) => answer(createInterface({ input, output, terminal: true }), question),
    async askHidden(question) {
      // The editor stops the terminal's own echo, so it comes before the question.
      const answering = answer(createInterface({ input, output: silent(), terminal: true }), "");
      output.write(question);
      const given = await answering;
      output.write("\n");
      return given;
    },
  };
}

function answer(lines: Interface, question: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    lines.once("close", () => resolve(undefined));
    lines.once("SIGINT", () => lines.close());
    lines.question(question).then(
      (line) => {
        resolve(line.trim());
        lines.close();
      },
      () => resolve(undefined),
    );
  });
}

/** The line editor echoes what is typed; here it goes nowhere. */
function silent(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
