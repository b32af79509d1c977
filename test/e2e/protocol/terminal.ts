import { spawn } from "node:child_process";
import { once } from "node:events";
import { cleanEnv } from "../../cli/run.ts";

/** Types a command into a terminal of its own, and an answer when the cue has been shown. */
export async function inTerminal(command: string, cue: string, answer: string) {
  const child = spawn("script", ["-qefc", command, "/dev/null"], { env: cleanEnv() });
  let out = "";
  let answered = false;
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    if (answered || !out.includes(cue)) return;
    answered = true;
    child.stdin.write(`${answer}\r`);
  });
  const [code] = await once(child, "close");
  return { code: Number(code), out };
}
