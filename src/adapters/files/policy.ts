import { defaultPolicy, type Policy, policySchema } from "#domain/policy/policy.ts";
import { readYaml, yamlFault } from "#domain/text/yaml.ts";
import { OpsError } from "#errors.ts";
import type { PolicySource } from "#ports/policy.ts";
import { exists, readTextFile } from "./text-file.ts";

/**
 * The policy of one file, read anew each time. Without a path, or without a file at a path that nobody
 * named (`explicit` false), the defaults hold. All else that cannot be read is `policy_unreadable`.
 */
export function policyFile(path: string | undefined, explicit: boolean): PolicySource {
  return {
    async load() {
      if (path === undefined) return defaultPolicy;
      if (!explicit && !(await exists(path))) return defaultPolicy;
      return parse(path, await read(path));
    },
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function parse(path: string, text: string): Policy {
  const read = readYaml(text, policySchema);
  if (!read.ok) throw unreadable(path, yamlFault(read));
  return read.value;
}

function unreadable(path: string, cause: string): OpsError {
  return new OpsError(
    "policy_unreadable",
    `The policy file ${path} cannot be read: ${cause}`,
    "Mend the file; every action is refused until then. docs/policy-example.yaml shows its form.",
  );
}
