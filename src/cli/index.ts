import type { CommandName } from "#config/commands.ts";
import type { CommandLine, Config } from "#config.ts";
import { errorText, OpsError } from "#errors.ts";
import { type Desk, openDesk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Needs neither settings nor records. */
type Aside = "help" | "version";

/** Each command's code is loaded when it is asked for. */
const commands: Readonly<
  Record<Exclude<CommandName, Aside>, () => Promise<(desk: Desk) => Promise<ExitCode>>>
> = {
  approve: async () => (await import("./approve.ts")).approve,
  deny: async () => (await import("./deny.ts")).deny,
  approvals: async () => (await import("./approvals.ts")).approvals,
  approver: async () => (await import("./approver.ts")).approver,
  demo: async () => (await import("./demo/index.ts")).demo,
  doctor: async () => (await import("./doctor.ts")).doctor,
  report: async () => (await import("./report.ts")).report,
  sandbox: async () => (await import("./sandbox.ts")).sandbox,
  "verify-audit": async () => (await import("./verify-audit.ts")).verifyAudit,
};

export async function runAside(name: Aside, words: readonly string[]): Promise<ExitCode> {
  const aside = await import("./help.ts");
  return aside[name]({ terminal: ownTerminal(), words });
}

export async function runCommand(
  name: Exclude<CommandName, Aside>,
  config: Config,
  line: CommandLine,
  terminal: Terminal = ownTerminal(),
): Promise<ExitCode> {
  const desk = openDesk(config, line, terminal);
  try {
    const run = await commands[name]();
    return await run(desk);
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    terminal.warn(errorText(error));
    return exitFor(error);
  } finally {
    await desk.office.close();
  }
}

function ownTerminal(): Terminal {
  return openTerminal({ input: process.stdin, output: process.stdout, errors: process.stderr });
}

function exitFor({ code }: OpsError): ExitCode {
  if (code === "approval_unknown") return exit.badCode;
  return code === "policy_unreadable" || code === "invalid_input" ? exit.usage : exit.no;
}
