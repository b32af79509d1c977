import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package, from its source or from its bundle: what is shipped lies beside package.json. */
export function packageRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("Firewatch's own package.json is not found");
  return packageRoot(parent);
}
