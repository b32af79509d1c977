/** The command line, taken apart and not yet understood. */
export interface Arguments {
  readonly words: readonly string[];
  /** By flag, dashes included; `undefined` for a flag that stands alone. */
  readonly flags: ReadonlyMap<string, string | undefined>;
  readonly problems: readonly string[];
}

/** How a flag takes its value: never, when there is one, or always. */
type FlagKind = "alone" | "optional" | "valued";
export type FlagKinds = ReadonlyMap<string, FlagKind>;

export interface FlagShape {
  readonly flag: string;
  readonly value?: string;
  readonly bare?: string;
}

export function kindOf(flag: FlagShape): FlagKind {
  if (flag.value === undefined) return "alone";
  return flag.bare === undefined ? "valued" : "optional";
}

/** `--flag value` and `--flag=value`. A value that begins with a dash needs the second form. */
export function readArguments(argv: readonly string[], kinds: FlagKinds): Arguments {
  const words: string[] = [];
  const flags = new Map<string, string | undefined>();
  const problems: string[] = [];
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (!argument.startsWith("-")) {
      words.push(argument);
      continue;
    }
    const [flag, inline] = halves(argument);
    const kind = kinds.get(flag);
    const value = inline ?? (kind === "alone" || !isValue(rest[0]) ? undefined : rest.shift());
    if (flags.has(flag)) problems.push(`${flag} is given twice.`);
    problems.push(...misuse(flag, kind, value));
    flags.set(flag, value);
  }
  return { words, flags, problems };
}

function misuse(flag: string, kind: FlagKind | undefined, value: string | undefined): string[] {
  if (kind === "valued" && value === undefined) return [`${flag} needs a value.`];
  if (kind === "alone" && value !== undefined) return [`${flag} takes no value.`];
  return [];
}

function halves(argument: string): readonly [string, string | undefined] {
  const at = argument.indexOf("=");
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function isValue(argument: string | undefined): argument is string {
  return argument !== undefined && !argument.startsWith("-");
}
