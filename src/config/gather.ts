import { closest } from "#domain/text/closest.ts";
import {
  type Arguments,
  type FlagKinds,
  type FlagShape,
  kindOf,
  readArguments,
} from "./arguments.ts";
import { type Command, commands, findCommand, type KnownCommand } from "./commands.ts";
import { type Setting, settings, variables } from "./settings.ts";

/** A value as somebody wrote it, and where. */
export interface Given {
  readonly text: string;
  readonly source: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CommandLine {
  /** Absent when the server is to be started. */
  readonly command?: KnownCommand;
  /** Words after the command's name. */
  readonly words: readonly string[];
  readonly flags: Arguments["flags"];
  readonly problems: readonly string[];
}

/** Takes the command line apart: which command, its words, and flags that exist. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const given = readArguments(argv, flagKinds);
  const [name, ...words] = given.words;
  const command = name === undefined ? undefined : findCommand(name);
  return (
    asideOf(given, command) ?? {
      ...(command && { command }),
      words,
      flags: given.flags,
      problems: [
        ...given.problems,
        ...unknownFlags(given, command),
        ...wordProblems(name, command, words),
      ],
    }
  );
}

/** `approve --help` is `help approve`, whatever else is wrong with the line. */
function asideOf({ flags }: Arguments, about: KnownCommand | undefined): CommandLine | undefined {
  const helping = flags.has("--help") || flags.has("-h");
  const command = helping ? findCommand("help") : findCommand("version");
  if (command === undefined || !(helping || flags.has("--version"))) return undefined;
  return { command, words: about && helping ? [about.name] : [], flags: new Map(), problems: [] };
}

function unknownFlags({ flags }: Arguments, command: Command | undefined): string[] {
  const known = [...general, ...(command?.flags ?? [])].map(({ flag }) => flag);
  const unknown = [...flags.keys()].filter((flag) => !known.includes(flag));
  if (unknown.length === 0) return [];
  return [
    ...unknown.map((flag) => `There is no flag ${flag}${didYouMean(flag, known)}`),
    `Flags: ${known.join(", ")}.`,
  ];
}

/** Every setting that is given: the flag, else the environment, else the file. Empty variables do not count. */
export function gather(
  flags: Arguments["flags"],
  environment: Environment,
): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  for (const each of [...settings, ...variables]) {
    const found = fromFlag(each, flags) ?? fromVariable(each, environment);
    if (found !== undefined) given.set(each.key, found);
  }
  return given;
}

/** FIREWATCH_ variables that mean nothing, most likely misspelled. */
export function unknownVariables(environment: Environment): readonly string[] {
  const known = [...settings, ...variables].map(({ variable }) => variable);
  const ours = known.filter((name) => name.startsWith(PREFIX));
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith(PREFIX) && !known.includes(name),
  );
  if (unknown.length === 0) return [];
  return [
    ...unknown.map((name) => `There is no variable ${name}${didYouMean(name, ours)}`),
    `Variables: ${ours.join(", ")}.`,
  ];
}

export function didYouMean(name: string, known: readonly string[]): string {
  const [likely] = closest(name, known, 1);
  return likely === undefined ? "." : `. Did you mean ${likely}?`;
}

const PREFIX = "FIREWATCH_";
const asides = ["--help", "-h", "--version"].map((flag) => ({ flag }));
const general: readonly FlagShape[] = [...settings, ...asides];
const flagKinds: FlagKinds = new Map(
  [...general, ...commands.flatMap(({ flags }): readonly FlagShape[] => flags)].map((flag) => [
    flag.flag,
    kindOf(flag),
  ]),
);

function wordProblems(
  name: string | undefined,
  command: Command | undefined,
  words: readonly string[],
): string[] {
  const names = commands.map((each) => each.name);
  if (name === undefined) return [];
  if (command === undefined) {
    return [
      `There is no command ${name}${didYouMean(name, names)}`,
      `Commands: ${names.join(", ")}.`,
    ];
  }
  const needed = command.words.filter((word) => !word.startsWith("["));
  const wrong = words.length < needed.length || words.length > command.words.length;
  return wrong ? [`Usage: firewatch ${[name, ...command.words].join(" ")}`] : [];
}

function fromFlag({ flag, bare }: Setting, flags: Arguments["flags"]): Given | undefined {
  if (flag === undefined || !flags.has(flag)) return undefined;
  const text = flags.get(flag) ?? bare;
  return text === undefined ? undefined : { text, source: flag };
}

/** `true` and `false` switch on and off what a flag alone would. */
function fromVariable(setting: Setting, environment: Environment): Given | undefined {
  const { variable: source, bare } = setting;
  const text = environment[source]?.trim() ?? "";
  if (bare !== undefined && text === "true") return { text: bare, source };
  return text === "" || (bare !== undefined && text === "false") ? undefined : { text, source };
}
