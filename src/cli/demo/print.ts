import { setTimeout as pause } from "node:timers/promises";
import { styleText } from "node:util";
import { clip } from "#domain/text/untrusted.ts";
import type { Page } from "./guide.ts";

/** Milliseconds to read a line, and to look up at a heading. */
const LINE_MS = 90;
const HEADING_MS = 500;
const INDENT = "  ";

export interface PrintOptions {
  readonly say: (text: string) => void;
  /** Pauses, so that a person can read along. */
  readonly paced: boolean;
  /** Columns of the screen. */
  readonly width: number;
}

/** Tells the walk in a terminal: numbered headings, calls with an arrow, answers indented. */
export function printedPage({ say, paced, width }: PrintOptions): Page {
  let headings = 0;
  const rest = (milliseconds: number) => (paced ? pause(milliseconds) : undefined);
  return {
    async heading(text) {
      headings += 1;
      say(`\n${styleText("bold", `${headings}. ${text}`)}`);
      await rest(HEADING_MS);
    },
    async called(tool, args) {
      const line = `→ ${tool} ${cut(argumentText(args), MAX_ARGUMENTS)}`.trimEnd();
      say(styleText("cyan", wrapped(line, width, INDENT.repeat(2))));
      await rest(LINE_MS);
    },
    async answered(lines) {
      for (const line of lines) {
        say(wrapped(`${INDENT}${line}`, width, INDENT.repeat(2)));
        await rest(LINE_MS);
      }
    },
    async says(text) {
      say(styleText("italic", wrapped(`${INDENT}» ${text}`, width, INDENT.repeat(2))));
      await rest(LINE_MS * 3);
    },
  };
}

const MAX_ARGUMENT = 70;
const MAX_ARGUMENTS = 190;

/** `alarm_name=x minutes_back=15`: as a person would note it. Long texts are cut. */
function argumentText(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(
      ([name, value]) =>
        `${name}=${cut(typeof value === "string" ? value : JSON.stringify(value))}`,
    )
    .join(" ");
}

function cut(text: string, most = MAX_ARGUMENT): string {
  return clip(text.replaceAll(/\s+/g, " "), most);
}

/** Broken at spaces to the width; what follows the first line is indented. */
export function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const at = space > indent.length ? space : width;
    lines.push(rest.slice(0, at));
    rest = `${indent}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join("\n");
}
