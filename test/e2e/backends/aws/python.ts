import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached, cacheKey } from "../cache.ts";

const requirements = join(import.meta.dirname, "requirements.txt");

/** The path of a Python that has moto: a virtual environment, made once per list of requirements. */
export async function pythonWithMoto(): Promise<string> {
  const name = `moto-${cacheKey(await readFile(requirements))}`;
  return pythonIn(await cached(name, install));
}

/** Found by where it stands, so that the folder can be moved. */
const pythonIn = (folder: string) => join(folder, "bin", "python");

async function install(folder: string): Promise<void> {
  console.error("Installing the AWS endpoint for tests (moto); this takes about a minute.");
  await makeEnvironment(folder);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await execa(pythonIn(folder), [...pip, "--requirement", requirements], { stdio: [0, 2, 2] });
}

async function makeEnvironment(folder: string): Promise<void> {
  const made = await execa("python3", ["-m", "venv", folder], { reject: false });
  if (!made.failed) return;
  throw new Error(
    `The AWS tests need Python 3.10 or later with venv, for example: sudo apt-get install python3 python3-venv\n${made.stdout ?? ""} ${made.stderr || made.shortMessage}`,
  );
}
