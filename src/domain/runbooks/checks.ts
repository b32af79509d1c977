/**
 * Conditions are written in CEL over values that reads have named. They are kept as text; what is checked here
 * is their shape: known operators, known names, and a unit in the name of whatever is compared with a number.
 */

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(&&|\|\||[=!<>]=|[-+*/<>!?:(),[\].]))/y;

const WORDS = new Set(["true", "false", "null", "in", "has", "size", "exists", "all", "duration"]);
const COMPARISONS = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** Endings that say what a number counts. */
const UNITS =
  /_(percent|ratio|seconds|ms|bytes|mib|count|replicas|restarts|connections|revision|per_minute)$/;

type Kind = "text" | "number" | "name" | "operator";
interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** What is wrong with a condition over these names; `undefined` when nothing is. */
export function checkFault(check: string, names: ReadonlySet<string>): string | undefined {
  const tokens = tokenize(check);
  if (typeof tokens === "string") return tokens;
  return bracketFault(tokens) ?? nameFault(tokens, names) ?? unitFault(tokens) ?? tailFault(tokens);
}

function tokenize(check: string): readonly Token[] | string {
  const tokens: Token[] = [];
  const text = check.trimEnd();
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return unreadable(text.slice(at).trimStart());
    const [, quoted, number, name, operator = ""] = match;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "operator", text: operator });
  }
  return tokens.length === 0 ? "it is empty" : tokens;
}

function unreadable(rest: string): string {
  return rest.startsWith("%")
    ? "% is no unit here: compare a value that is named for it, such as failure_rate_percent < 10"
    : `it cannot be read from ${JSON.stringify(rest.slice(0, 20))} on`;
}

const CLOSES: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

function bracketFault(tokens: readonly Token[]): string | undefined {
  const open: string[] = [];
  for (const { text } of tokens) {
    if (text === "(" || text === "[") open.push(text);
    if (CLOSES[text] && open.pop() !== CLOSES[text]) return `${text} closes nothing`;
  }
  return open.length === 0 ? undefined : `${open.at(-1)} is not closed`;
}

function nameFault(tokens: readonly Token[], names: ReadonlySet<string>): string | undefined {
  const unknown = tokens.find(
    ({ kind, text }) => kind === "name" && !names.has(text) && !WORDS.has(text),
  );
  return unknown && `nothing before it names ${unknown.text}`;
}

function unitFault(tokens: readonly Token[]): string | undefined {
  for (const [index, { text }] of tokens.entries()) {
    if (!COMPARISONS.has(text)) continue;
    const sides = [tokens[index - 1], tokens[index + 1]];
    const name = sides.find((side) => side?.kind === "name" && !WORDS.has(side.text));
    const number = sides.some((side) => side?.kind === "number");
    if (number && name && !UNITS.test(name.text)) return `${name.text} does not say its unit`;
  }
  return undefined;
}

function tailFault(tokens: readonly Token[]): string | undefined {
  const last = tokens.at(-1);
  const ends = last?.kind !== "operator" || last.text === ")" || last.text === "]";
  return ends ? undefined : `it ends with ${last.text}`;
}
