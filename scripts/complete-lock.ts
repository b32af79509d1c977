import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";

/**
 * npm leaves packages for other platforms out of the lock file when it cannot see them, and `npm ci` then fails
 * there or here. This adds what the locked packages name: exact version and platform, nothing invented.
 */
const entrySchema = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const lockSchema = z.looseObject({ packages: z.record(z.string(), z.looseObject({})) });

const PATH = "package-lock.json";
const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

const lock = lockSchema.parse(JSON.parse(readFileSync(PATH, "utf8")));
const added = Object.values(lock.packages).flatMap((raw) => missing(entrySchema.parse(raw)));
for (const [name, entry] of added) lock.packages[`node_modules/${name}`] = entry;
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, "en"));
writeFileSync(
  PATH,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
);
console.log(`${added.length} platform packages added to ${PATH}`);

function missing(entry: z.output<typeof entrySchema>): [string, Record<string, unknown>][] {
  return Object.entries(entry.optionalDependencies)
    .filter(
      ([name]) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)),
    )
    .map(([name, range]) => [name, platformEntry(name, range, entry.dev === true)]);
}

function platformEntry(name: string, range: string, dev: boolean): Record<string, unknown> {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  return {
    version: range.replace(/^[~^]/, ""),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
