import { isObject } from "#domain/json.ts";
import { badPattern, type LineTest, lineExpression } from "./pattern-text.ts";

type Check = (line: unknown) => boolean;

/** Reads a JSON pattern: `{ $.a.b[0] = "x" && ($.n > 5 || $.c IS NULL) }`. Lines that are no JSON never match. */
export function parseJsonPattern(pattern: string): LineTest {
  const reader = new Reader(pattern);
  reader.take("{");
  const check = either(reader);
  reader.take("}");
  reader.end();
  return (message) => {
    const line = parseLine(message);
    return line !== undefined && check(line);
  };
}

const TOKEN =
  /\s*(\$(?:\.[\w-]+|\[\d+\]|\['[^']+'\])+|"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)+%|&&|\|\||[<>!]=|[=<>(){}]|[^\s"%=<>!&|(){}]+)/y;

class Reader {
  readonly pattern: string;
  readonly #tokens: string[];

  constructor(pattern: string) {
    this.pattern = pattern;
    this.#tokens = tokensOf(pattern);
  }

  peek(): string {
    return this.#tokens[0] ?? "";
  }

  next(): string {
    return this.#tokens.shift() ?? "";
  }

  take(token: string): void {
    if (this.next() !== token) throw badPattern(this.pattern, `${token} is missing`);
  }

  takes(token: string): boolean {
    if (this.peek().toUpperCase() !== token) return false;
    this.next();
    return true;
  }

  end(): void {
    if (this.#tokens.length > 0) throw badPattern(this.pattern, "text follows its end");
  }
}

function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  const text = pattern.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw badPattern(pattern, "it is not a JSON condition");
    tokens.push(token);
  }
  return tokens;
}

function either(reader: Reader): Check {
  const checks = [both(reader)];
  while (reader.takes("||")) checks.push(both(reader));
  return (line) => checks.some((check) => check(line));
}

function both(reader: Reader): Check {
  const checks = [single(reader)];
  while (reader.takes("&&")) checks.push(single(reader));
  return (line) => checks.every((check) => check(line));
}

function single(reader: Reader): Check {
  if (!reader.takes("(")) return condition(reader);
  const check = either(reader);
  reader.take(")");
  return check;
}

function condition(reader: Reader): Check {
  const path = reader.next();
  if (!path.startsWith("$")) throw badPattern(reader.pattern, "a condition begins with $.field");
  const value = (line: unknown) => at(line, path);
  if (reader.takes("EXISTS")) return (line) => value(line) !== undefined;
  if (reader.takes("NOT")) {
    if (!reader.takes("EXISTS")) throw badPattern(reader.pattern, "NOT goes before EXISTS");
    return (line) => value(line) === undefined;
  }
  if (reader.takes("IS")) {
    const word = reader.next().toLowerCase();
    return (line) => String(value(line)) === word;
  }
  return comparison(reader, value);
}

function comparison(reader: Reader, value: (line: unknown) => unknown): Check {
  const operator = reader.next();
  const operand = reader.next();
  const test = operandTest(reader.pattern, operand);
  const order = (compare: (a: number, b: number) => boolean): Check => {
    const limit = Number(operand);
    if (Number.isNaN(limit)) throw badPattern(reader.pattern, `${operator} needs a number`);
    return (line) => {
      const found = value(line);
      return typeof found === "number" && compare(found, limit);
    };
  };
  switch (operator) {
    case "=":
      return (line) => value(line) !== undefined && test(value(line));
    case "!=":
      return (line) => value(line) !== undefined && !test(value(line));
    case ">":
      return order((a, b) => a > b);
    case ">=":
      return order((a, b) => a >= b);
    case "<":
      return order((a, b) => a < b);
    case "<=":
      return order((a, b) => a <= b);
    default:
      throw badPattern(reader.pattern, "use =, !=, <, >, <=, >=, IS, EXISTS or NOT EXISTS");
  }
}

/** Equality with a number, a text with `*` for anything, or a regular expression. */
function operandTest(pattern: string, operand: string): Check {
  if (operand === "" || operand === "}") throw badPattern(pattern, "a value is missing");
  if (operand.startsWith("%")) {
    const test = lineExpression(operand.slice(1, -1), pattern);
    return (found) => test(String(found));
  }
  const bare = operand.startsWith('"') ? operand.slice(1, -1).replaceAll(/\\(.)/g, "$1") : operand;
  const parts = bare.split("*");
  return (found) => (typeof found === "number" ? found === Number(bare) : fits(found, parts));
}

function fits(found: unknown, parts: readonly string[]): boolean {
  if (typeof found !== "string" && typeof found !== "boolean") return false;
  const text = String(found);
  const [head = "", ...rest] = parts;
  const tail = rest.at(-1);
  if (tail === undefined) return text === head;
  if (!text.startsWith(head) || !text.slice(head.length).endsWith(tail)) return false;
  return inOrder(text.slice(head.length, text.length - tail.length), rest.slice(0, -1));
}

function inOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}

function at(line: unknown, path: string): unknown {
  const steps = path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g);
  let value: unknown = line;
  for (const [, dotted, index, quoted] of steps) value = child(value, dotted ?? quoted, index);
  return value;
}

function child(value: unknown, name: string | undefined, index: string | undefined): unknown {
  if (Array.isArray(value)) return index === undefined ? undefined : value[Number(index)];
  return isObject(value) && name !== undefined && Object.hasOwn(value, name)
    ? value[name]
    : undefined;
}

function parseLine(message: string): unknown {
  try {
    return JSON.parse(message.trim());
  } catch {
    return undefined;
  }
}
