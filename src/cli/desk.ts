import { userInfo } from "node:os";
import type { Context } from "#calls/context.ts";
import type { Config } from "#config.ts";
import { callSettings, type OpenHouse, openOffice } from "#house.ts";
import type { Terminal } from "./terminal.ts";

/** What a command works with. */
export interface Desk {
  readonly config: Config;
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string | undefined>;
  readonly terminal: Terminal;
  readonly office: OpenHouse;
  /** The operating system's name of whoever sits here. */
  readonly user: string;
}

export function openDesk(
  config: Config,
  { words, flags }: Pick<Desk, "words" | "flags">,
  terminal: Terminal,
): Desk {
  const office = openOffice(config);
  return { config, words, flags, terminal, office, user: userInfo().username };
}

/** For decisions, which are recorded and touch no backend. */
export function recording({ config, office }: Desk): Context {
  return {
    house: office.house,
    settings: callSettings(config, []),
    tools: [],
    running: new Map(),
  };
}
