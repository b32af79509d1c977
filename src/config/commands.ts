/** What a command takes besides the settings. */
export interface Command {
  readonly name: string;
  /** Words after the name, as help shows them; `[…]` may be left out. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly flags: readonly CommandFlag[];
}

export interface CommandFlag {
  readonly flag: string;
  /** Absent when the flag stands alone. */
  readonly value?: string;
  readonly text: string;
}

export const commands = [
  {
    name: "approve",
    words: ["CODE"],
    summary: "Show a plan that waits for approval and ask whether to carry it out.",
    flags: [],
  },
  {
    name: "deny",
    words: ["CODE"],
    summary: "Close a plan that waits for approval.",
    flags: [],
  },
  { name: "approvals", words: [], summary: "List the plans that wait for approval.", flags: [] },
  {
    name: "approver",
    words: [],
    summary: "Set the passphrase that `approve` asks for when the policy requires it.",
    flags: [],
  },
  {
    name: "demo",
    words: [],
    summary: "Work a simulated incident from alarm to report, and show each call.",
    flags: [
      { flag: "--scenario", value: "NAME", text: "Which incident, instead of the usual one." },
      { flag: "--fast", text: "No pauses to read along." },
      { flag: "--yes", text: "Answer the approval with yes instead of asking." },
    ],
  },
  {
    name: "doctor",
    words: [],
    summary: "Try every configured backend and say what is missing.",
    flags: [],
  },
  {
    name: "report",
    words: ["[ID]"],
    summary: "Print a saved report, the newest unless one is named.",
    flags: [{ flag: "--list", text: "List the reports instead." }],
  },
  {
    name: "sandbox",
    words: ["reset"],
    summary: "Forget the sandbox's world; the next start begins anew.",
    flags: [],
  },
  {
    name: "verify-audit",
    words: [],
    summary: "Check that nobody has altered the audit log.",
    flags: [],
  },
  { name: "help", words: ["[COMMAND]"], summary: "Show this, or one command.", flags: [] },
  { name: "version", words: [], summary: "Print the version.", flags: [] },
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]["name"];

/** A command of the table above. */
export type KnownCommand = Command & { readonly name: CommandName };

export function findCommand(name: string): KnownCommand | undefined {
  return commands.find((command) => command.name === name);
}
