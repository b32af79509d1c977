/**
 * Text that other systems wrote (log lines, labels, annotations, alarm reasons and descriptions, chat)
 * may try to give orders to the model that reads it. It is shown as data, never as prose of ours.
 */

/** One line of untrusted text inside a sentence: quoted, newlines escaped, at most `max` characters. */
export function quoted(text: string, max = 300): string {
  return JSON.stringify(clip(text, max));
}

/** Several lines of untrusted text as a block that cannot be closed from within. */
export function untrustedBlock(source: string, lines: readonly string[]): string {
  const body = lines.map((line) => line.replaceAll("</untrusted", "<\\/untrusted"));
  return [`<untrusted source="${source}">`, ...body, "</untrusted>"].join("\n");
}

/** The text's first `max` characters, with a mark when any were left out. */
export function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
