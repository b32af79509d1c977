import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";

/** A YAML text as its schema reads it, or where and why it cannot be read. */
export type YamlRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly line?: number; readonly cause: string };

/** A file that needs more aliases than this is a bomb, not a configuration. */
const MAX_ALIASES = 50;

/** Reads one YAML document. Duplicate keys, unknown tags and alias bombs are refused. */
export function readYaml<T>(text: string, schema: z.ZodType<T>): YamlRead<T> {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) return failure(fault.message, lines.linePos(fault.pos[0]).line);
    const parsed = schema.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }));
    if (parsed.success) return { ok: true, value: parsed.data };
    return schemaFailure(parsed.error, document, lines);
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

/** `line 12: cause`, or the cause alone. */
export function yamlFault({
  line,
  cause,
}: {
  readonly line?: number;
  readonly cause: string;
}): string {
  return line === undefined ? cause : `line ${line}: ${cause}`;
}

function schemaFailure(error: z.ZodError, document: Document, lines: LineCounter) {
  const [issue] = error.issues;
  if (!issue) return failure("it does not fit its schema.");
  const where = issue.path.map(String).join(".");
  const cause = where === "" ? issue.message : `${where}: ${issue.message}`;
  return failure(cause, lineOf(issue.path, document, lines));
}

/** The line of the innermost node on the path that the file holds. */
function lineOf(
  path: readonly PropertyKey[],
  document: Document,
  lines: LineCounter,
): number | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

function failure(cause: string, line?: number) {
  return { ok: false as const, cause, ...(line === undefined ? {} : { line }) };
}
