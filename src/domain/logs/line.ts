/** One line that a container wrote. The text is untrusted. */
export interface LogLine {
  /** When the container runtime received it; absent for words of the runtime itself. */
  readonly at?: Date;
  readonly text: string;
  /** The limit in bytes ended the answer here: what is newer is missing, and this line may be incomplete. */
  readonly cut?: true;
}

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;

/** Reads a line as the API serves it with timestamps: RFC 3339 with nanoseconds, a space, the text. */
export function stampedLine(line: string): LogLine {
  const [stamp = "", time = ""] = STAMP.exec(line) ?? [];
  const text = line.slice(stamp.length).replace(/\r$/, "");
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? { text: line } : { at, text };
}
