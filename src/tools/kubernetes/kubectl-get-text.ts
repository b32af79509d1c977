import { table } from "#domain/text/table.ts";
import { quoted, untrustedBlock } from "#domain/text/untrusted.ts";

interface Listed {
  readonly summary: string;
  readonly by_owner: string;
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  readonly yaml: string;
  readonly next: string;
}
type Row = Readonly<Record<string, string>>;

/** Columns that hold text of other systems. */
const untrustedColumns: readonly string[] = ["message", "value", "selector"];

/** The text of `kubectl_get`. */
export function listText({ summary, by_owner, rows, columns, yaml, next }: Listed): string {
  const owners = by_owner === "" ? "" : `By workload: ${by_owner}.`;
  const object = yaml === "" ? "" : untrustedBlock("object", yaml.split("\n"));
  return [summary, owners, object, rowsText(rows, columns), next]
    .filter((line) => line !== "")
    .join("\n");
}

function rowsText(rows: readonly Row[], asked: readonly string[]): string {
  const [only] = rows;
  if (only === undefined) return "";
  if (only.value !== undefined) return rows.map(valueText).join("\n");
  const cell = (column: string, text = "") => cellText(column, text, asked);
  if (rows.length === 1) {
    return Object.entries(only)
      .map(([column, text]) => `${column}: ${cell(column, text)}`)
      .join("\n");
  }
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(
    columns,
    rows.map((row) => columns.map((column) => cell(column, row[column]))),
  );
}

/** A key of a ConfigMap with its value, which may have many lines. */
function valueText({ name = "", size_bytes, value = "" }: Row): string {
  const shown = value.includes("\n")
    ? `\n${untrustedBlock("configmap value", value.split("\n"))}`
    : ` ${cellText("value", value, [])}`;
  return `${name} (${size_bytes} bytes):${shown}`;
}

/** A name, a number, an image: nothing that could be read as a sentence. */
const WORD = /^[\w.:/@%+=,-]{0,160}$/;

function cellText(column: string, text: string, asked: readonly string[]): string {
  if (text === "") return "";
  const foreign = untrustedColumns.includes(column) || (asked.includes(column) && !WORD.test(text));
  return foreign ? quoted(text, text.length) : text;
}
