import { cleanText } from "#domain/text/redact.ts";
import { clip } from "#domain/text/untrusted.ts";

/** Lines of a folded stack trace: the first and last so many, and of its further causes. */
const SHOWN = { first: 4, causes: 2, last: 2 };
/** Characters of one line, and of a line of a trace. */
const LONGEST = { only: 300, traced: 160 };

/** The rest of a private key whose beginning was not read. */
const HEADLESS_KEY = /^[A-Za-z0-9+/=\s]*-----END [A-Z ]{0,40}PRIVATE KEY-----/;
const MASK = "[redacted]";

/**
 * An entry's text at a length to show: of a long trace its beginning, causes and end. Secrets are masked here too,
 * for half of one, cut off by the length, would no longer look like one.
 */
export function folded(text: string): string {
  const lines = cleanText(text.replace(HEADLESS_KEY, MASK)).split("\n");
  if (lines.length === 1) return clip(lines[0] ?? "", LONGEST.only);
  return shorter(lines)
    .map((line) => clip(line, LONGEST.traced))
    .join("\n");
}

function shorter(lines: readonly string[]): readonly string[] {
  const { first, causes, last } = SHOWN;
  if (lines.length <= first + causes + last) return lines;
  const middle = lines.slice(first, -last);
  const further = middle.filter((line) => line.startsWith("Caused by: ")).slice(-causes);
  const left = middle.length - further.length;
  return [...lines.slice(0, first), ...further, `… ${left} more lines`, ...lines.slice(-last)];
}
