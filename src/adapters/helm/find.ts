import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The path of the helm binary, or nothing when it is not installed. */
export function findHelm({ PATH = "" }: Environment): string | undefined {
  const names = process.platform === "win32" ? ["helm.exe"] : ["helm"];
  const places = PATH.split(delimiter).filter((folder) => folder !== "");
  return places
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
