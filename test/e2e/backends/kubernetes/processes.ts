import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Longest that a part may take to be ready, in milliseconds; all of them took 5 s on two cores. */
const LIMIT = 120_000;

/** Processes that are started and stopped together, each with a log in `folder`. */
export function processGroup(folder: string) {
  const children = new Map<string, ChildProcess>();
  mkdirSync(folder, { recursive: true });
  const kill = () => {
    for (const child of children.values()) child.kill("SIGKILL");
  };
  process.once("exit", kill);
  const logOf = (name: string) => join(folder, `${name}.log`);

  const failed = () => [...children].find(([, child]) => !isRunning(child))?.[0];

  return {
    start(name: string, binary: string, args: readonly string[]) {
      const log = openSync(logOf(name), "a");
      children.set(name, spawn(binary, args, { stdio: ["ignore", log, log] }));
      closeSync(log);
    },
    /** Asks until the answer is yes. Throws when a process ends meanwhile, with the end of its log. */
    async until(what: string, ask: () => Promise<boolean>) {
      const giveUp = Date.now() + LIMIT;
      for (;;) {
        const name = failed();
        if (name)
          throw new Error(`${name} ended:\n${readFileSync(logOf(name), "utf8").slice(-2000)}`);
        if (await ask().catch(() => false)) return;
        if (Date.now() > giveUp) throw new Error(`No ${what} within ${LIMIT / 1000} s.`);
        await delay(50);
      }
    },
    /** Nothing is kept, so nothing is shut down in order. */
    async stop() {
      process.off("exit", kill);
      const running = [...children.values()].filter(isRunning);
      const exits = running.map((child) => once(child, "exit"));
      kill();
      await Promise.all(exits);
    },
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

export type ProcessGroup = ReturnType<typeof processGroup>;
