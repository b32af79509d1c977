import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { runCommand } from "#cli/index.ts";
import { openTerminal } from "#cli/terminal.ts";
import { parseConfig, readCommandLine } from "#config.ts";
import { openStore, type Store } from "#store/index.ts";

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A folder of this test's own. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The store that the command line will see. */
export async function storeIn(folder: string): Promise<Store> {
  const store = await openStore({ path: join(folder, "firewatch.db") });
  onTestFinished(() => store.close());
  return store;
}

/** Only what these tests set: the developer's own settings stay out. */
export function cleanEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...extra };
}

/** What the person types when the screen shows the cue. */
export type Dialogue = readonly (readonly [cue: string, typed: string])[];

/** Runs the command line in this process. With a dialogue there is a terminal, without one there is none. */
export async function firewatch(args: readonly string[], dialogue?: Dialogue): Promise<Ran> {
  const line = readCommandLine(args);
  const screen = simulatedScreen(dialogue);
  const { command } = line;
  const config = await parseConfig(line, {
    env: {},
    home: "/nonexistent",
    cwd: process.cwd(),
    readFile: () => "",
    toolsets: async () => [],
    scenarios: async () => ["customer-etl"],
  });
  if (!config.ok) throw new Error(config.problems.join("\n"));
  if (!command || command.name === "help" || command.name === "version") throw new Error("aside");
  const code = await runCommand(command.name, config.value, line, openTerminal(screen));
  return { code, ...screen.read() };
}

/** Streams as a terminal's: what is typed comes when its cue has been shown. */
function simulatedScreen(dialogue: Dialogue | undefined) {
  const isTTY = dialogue !== undefined;
  const input = Object.assign(new PassThrough(), { isTTY });
  const waiting = [...(dialogue ?? [])];
  let out = "";
  let shown = 0;
  let errors = "";
  const output = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        out += String(chunk);
        const [next] = waiting;
        if (next !== undefined && out.includes(next[0], shown)) {
          waiting.shift();
          shown = out.length;
          input.write(`${next[1]}\r`);
        }
        done();
      },
    }),
    { isTTY },
  );
  const sink = new Writable({
    write(chunk, _encoding, done) {
      errors += String(chunk);
      done();
    },
  });
  return { input, output, errors: sink, read: () => ({ out, errors }) };
}

/** Runs it as a process of its own, without a terminal, to its end. */
export function spawned(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return finished(spawn(process.execPath, ["src/server.ts", ...args], { env: cleanEnv(env) }));
}

/** Runs it as a process with a terminal of its own. */
export function atTerminal(args: readonly string[], dialogue: Dialogue): Promise<Ran> {
  const command = [process.execPath, "src/server.ts", ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qefc", command, "/dev/null"], { env: cleanEnv() });
  const waiting = [...dialogue];
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    const [next] = waiting;
    if (next === undefined || !seen.includes(next[0])) return;
    waiting.shift();
    seen = "";
    child.stdin.write(`${next[1]}\r`);
  });
  return finished(child);
}

async function finished(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, errors };
}
