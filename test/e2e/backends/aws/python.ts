import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const here = import.meta.dirname;

/** The interpreter of a virtual environment with moto in it, made once per list of requirements. */
export async function pythonWithMoto(): Promise<string> {
  const requirements = join(here, "requirements.txt");
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const folder = join(cacheFolder(), `moto-${digest.slice(0, 12)}`);
  const python = join(folder, "bin", "python");
  const done = join(folder, "complete");
  if (await exists(done)) return python;
  console.error(`Installing the AWS endpoint for tests into ${folder}; this takes about a minute.`);
  await makeEnvironment(folder);
  await execa(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements], {
    env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    stdout: ["pipe", process.stderr],
    stderr: "inherit",
  });
  await writeFile(done, "");
  return python;
}

async function makeEnvironment(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const made = await execa("python3", ["-m", "venv", folder], { reject: false });
  if (!made.failed) return;
  const why = made.stderr || made.stdout || made.shortMessage;
  throw new Error(
    `The AWS tests need Python 3.10 or later with venv.\nInstall it, for example: sudo apt-get install python3 python3-venv\n${why}`,
  );
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "firewatch");
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
