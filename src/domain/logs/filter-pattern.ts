import { parseJsonPattern } from "./json-pattern.ts";
import { badPattern, type LineTest, lineExpression } from "./pattern-text.ts";

/** CloudWatch Logs takes no longer pattern. */
const LONGEST = 1024;

/**
 * Reads a CloudWatch Logs filter pattern: terms (all must occur), `"a phrase"`, `-excluded`, `?any ?of`,
 * `%regular expression%`, or one JSON condition `{ $.field = "x" }`. Terms mind case. Empty matches all.
 * Space-delimited patterns (`[ip, user, …]`) are refused. Throws `invalid_input`.
 */
export function parseFilterPattern(pattern: string): LineTest {
  if (pattern.length > LONGEST)
    throw badPattern(pattern, `it is longer than ${LONGEST} characters`);
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return parseJsonPattern(text);
  if (text.startsWith("[")) throw badPattern(pattern, "space-delimited patterns are not supported");
  const terms = readTerms(text);
  const of = (kind: Term["kind"]) => terms.filter((term) => term.kind === kind);
  const [all, any, none] = [of("all"), of("any"), of("none")];
  return (message) =>
    all.every((term) => term.test(message)) &&
    (any.length === 0 || all.length > 0 || any.some((term) => term.test(message))) &&
    !none.some((term) => term.test(message));
}

interface Term {
  readonly kind: "all" | "any" | "none";
  readonly test: LineTest;
}

const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([^\s"%]+))(?=\s|$)/y;

function readTerms(text: string): readonly Term[] {
  const terms: Term[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text);
    if (!match) throw badPattern(text, "put terms with special characters in double quotes");
    const [, sign, phrase, expression, word] = match;
    terms.push({ kind: kindOf(sign), test: termTest(text, phrase, expression, word) });
  }
  return terms;
}

function kindOf(sign: string | undefined): Term["kind"] {
  if (sign === "?") return "any";
  return sign === "-" ? "none" : "all";
}

function termTest(pattern: string, phrase?: string, expression?: string, word?: string): LineTest {
  if (expression !== undefined) return lineExpression(expression, pattern);
  const wanted = phrase?.replaceAll(/\\(.)/g, "$1") ?? word ?? "";
  if (word !== undefined && !/^[\w.:/@#=,*$+~-]+$/u.test(word)) {
    throw badPattern(pattern, `put ${JSON.stringify(word)} in double quotes`);
  }
  return (message) => message.includes(wanted);
}
