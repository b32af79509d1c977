import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorText, OpsError } from "#errors.ts";
import { approver, type Terminal } from "./approval.ts";
import type { Ending } from "./case.ts";
import { connectTo, type ServerChild } from "./client.ts";
import { guideOver, type Page } from "./guide.ts";
import { printedPage } from "./print.ts";
import { walk } from "./walk.ts";

export interface DemoDesk {
  readonly terminal: Terminal;
  readonly flags: ReadonlyMap<string, string | undefined>;
}

/** Columns that text is broken to. A terminal that does not know its width says 0. */
const WIDEST = 110;
const NARROWEST = 60;

/** A whole incident in the sandbox, over a server of its own. 0 when it is healed, or when nothing was wrong. */
export async function demo({ terminal, flags }: DemoDesk): Promise<0 | 1> {
  const stateDir = mkdtempSync(join(tmpdir(), "firewatch-demo-"));
  const remove = () => rmSync(stateDir, { recursive: true, force: true });
  const interrupt = () => process.exit(1);
  process.once("exit", remove).once("SIGINT", interrupt);
  const columns = process.stdout.columns || WIDEST;
  const page = printedPage({
    say: terminal.say,
    paced: !flags.has("--fast"),
    width: Math.max(NARROWEST, Math.min(columns, WIDEST)),
  });
  try {
    const child = serverChild(stateDir, flags.get("--scenario"));
    const ending = await run(page, terminal, child, flags.has("--yes"));
    terminal.say(`\n${endingText(ending)}`);
    return ending.outcome === "open" ? 1 : 0;
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    terminal.warn(errorText(error));
    return 1;
  } finally {
    remove();
    process.off("exit", remove).off("SIGINT", interrupt);
  }
}

async function run(
  page: Page,
  terminal: Terminal,
  child: ServerChild,
  sayYes: boolean,
): Promise<Ending> {
  const connection = await connectTo(child, approver(page, terminal, sayYes));
  terminal.say("A simulated incident, worked from alarm to report by an MCP client.");
  terminal.say(`Server: ${connection.about}, over stdio:`);
  terminal.say(`  ${[child.command, ...child.args].join(" ")}`);
  terminal.say("Its state folder is removed at the end. Nothing outside it is touched.");
  try {
    return await walk(guideOver(connection, page));
  } finally {
    await connection.close();
  }
}

/** This same program as a server in a sandbox; without a name, the sandbox's usual scenario. */
function serverChild(stateDir: string, scenario: string | undefined): ServerChild {
  const sandbox = scenario === undefined ? "--sandbox" : `--sandbox=${scenario}`;
  const script = process.argv[1] ?? "";
  return {
    command: process.execPath,
    args: [...process.execArgv, script, sandbox, "--state-dir", stateDir],
  };
}

function endingText({ outcome, why }: Ending): string {
  switch (outcome) {
    case "healed":
      return `Healed: ${why}.`;
    case "nothing_to_do":
      return `Nothing to do: ${why}. Nothing was changed.`;
    case "open":
      return `Not healed: ${why}.`;
  }
}
