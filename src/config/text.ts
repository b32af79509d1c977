import { table } from "#domain/text/table.ts";
import { type Command, commands } from "./commands.ts";
import { type Setting, settings, variables } from "./settings.ts";

const EXIT_CODES = [
  ["0", "yes, or all is well"],
  ["1", "no, or something failed"],
  ["2", "wrong usage or configuration; everything wrong is listed"],
  ["3", "a question needs a terminal and there is none"],
  ["4", "the approval's code is unknown, used or expired"],
] as const;

/** What `firewatch help` prints. */
export function helpText(): string {
  return [
    "Firewatch, an MCP server for on-call engineers.",
    "Started without a command it serves MCP on standard input and output.",
    "",
    "Usage: firewatch [COMMAND] [FLAGS]",
    "",
    "Commands",
    ...columns(commands.map((command) => [usage(command), command.summary])),
    "",
    "Flags; each is also a variable, --kube-contexts as FIREWATCH_KUBE_CONTEXTS",
    ...columns(settings.map((each) => [`${each.flag} ${each.value}`, sentence(each)])),
    "",
    "Variables",
    ...columns(variables.map((each) => [each.variable, plain(each.text)])),
    "",
    "Exit codes",
    ...columns(EXIT_CODES),
  ].join("\n");
}

/** What `firewatch help COMMAND` prints. */
export function commandHelp(command: Command): string {
  const flags = command.flags.map(({ flag, value, text }) => [
    value === undefined ? flag : `${flag} ${value}`,
    text,
  ]);
  return [
    `Usage: firewatch ${usage(command)}`,
    command.summary,
    ...(flags.length > 0 ? ["", "Flags", ...columns(flags)] : []),
    "",
    "Settings such as --state-dir apply too; `firewatch help` lists them.",
  ].join("\n");
}

/** docs/configuration.md. */
export function configurationPage(): string {
  return `${[
    "# Configuration",
    "Generated from `src/config`. Each flag is also a variable. A flag wins over its variable, the environment over the file of `--env-file`. An empty variable counts as not set. Unknown flags, unknown `FIREWATCH_` variables and values that do not parse stop the start with exit code 2 and a list of everything that is wrong.",
    "Lists are separated by commas. `*` in a pattern stands for any characters.",
    "## Flags",
    table(
      ["flag", "variable", "what it does", "when not given"],
      settings.map((each) => [
        `\`${each.flag} ${each.value}\``,
        `\`${each.variable}\``,
        withBare(each),
        each.fallback ?? "",
      ]),
    ),
    "## Variables without a flag",
    table(
      ["variable", "value", "what it does"],
      variables.map((each) => [`\`${each.variable}\``, `\`${each.value}\``, each.text]),
    ),
    "`DRY_RUN=true` contradicts `--mode live` alone; `DRY_RUN=false` contradicts `--mode dry-run` and `--mode read-only`.",
    "## Commands",
    table(
      ["command", "what it does"],
      commands.map((command) => [`\`firewatch ${usage(command)}\``, command.summary]),
    ),
    "## Exit codes",
    table(["code", "meaning"], EXIT_CODES),
  ].join("\n\n")}\n`;
}

/** .env.example. */
export function envExample(): string {
  return [
    "# Settings of Firewatch as variables: remove the # of those that you need and start with --env-file FILE.",
    "# docs/configuration.md has the details.",
    ...[...settings, ...variables].flatMap((each) =>
      each.example === undefined
        ? []
        : ["", `# ${sentence(each)}`, `# ${each.variable}=${each.example}`],
    ),
    "",
  ].join("\n");
}

function usage({ name, words, flags }: Command): string {
  const optional = flags.map(
    ({ flag, value }) => `[${value === undefined ? flag : `${flag} ${value}`}]`,
  );
  return [name, ...words, ...optional].join(" ");
}

function sentence(setting: Setting): string {
  const fallback = setting.fallback === undefined ? "" : ` Default: ${setting.fallback}.`;
  return plain(`${setting.text}${fallback}`);
}

function withBare({ bare, flag, text }: Setting): string {
  return bare === undefined
    ? text
    : `${text} \`${flag}\` alone, or the variable set to \`true\`, is \`${bare}\`.`;
}

/** Markdown's marks mean nothing in a terminal. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}

const LINE = 100;

/** Two columns, the second wrapped. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([left = ""]) => left.length)) + 4;
  const margin = " ".repeat(width);
  return rows.flatMap(([left = "", right = ""]) => {
    const [first = "", ...rest] = wrapped(right, LINE - width);
    return [`  ${left}`.padEnd(width) + first, ...rest.map((line) => margin + line)];
  });
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
