import manifest from "../package.json" with { type: "json" };

export const VERSION: string = manifest.version;

/** As npm writes it, `>=22.19`. */
const NODE_NEEDED = manifest.engines.node.replace(">=", "");

/** Why this Node cannot run Firewatch: npm only warns of it. */
export function nodeProblem(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needed = 0, neededMinor = 0] = NODE_NEEDED.split(".").map(Number);
  if (major > needed || (major === needed && minor >= neededMinor)) return undefined;
  return `Firewatch needs Node ${NODE_NEEDED} or later, and this is ${version}.`;
}
