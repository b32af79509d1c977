import type { BrokenRunbook, Runbook } from "#domain/runbooks/runbook.ts";
import { runbookSchema } from "#domain/runbooks/schema.ts";
import { readYaml, yamlFault } from "#domain/text/yaml.ts";
import type { Runbooks } from "#ports/runbooks.ts";
import { filesIn, readWithin } from "./folder.ts";

/** A runbook is read by people; none is longer than this, in bytes. */
const MAX_BYTES = 100_000;
const ENDING = ".yaml";

type Loaded = { readonly runbook: Runbook } | { readonly broken: BrokenRunbook };

/** The runbooks of one folder, `<slug>.yaml` each. */
export function runbookFolder(folder: string): Runbooks {
  const load = async () => {
    const names = await filesIn(folder, ENDING);
    return Promise.all(names.map((name) => loadOne(folder, name)));
  };
  return {
    async list() {
      return (await load()).flatMap((loaded) => ("runbook" in loaded ? [loaded.runbook] : []));
    },
    async broken() {
      return (await load()).flatMap((loaded) => ("broken" in loaded ? [loaded.broken] : []));
    },
    async source(slug) {
      const names = await filesIn(folder, ENDING);
      const name = names.find((one) => one === slug + ENDING);
      return name === undefined ? undefined : readWithin(folder, name, MAX_BYTES);
    },
  };
}

async function loadOne(folder: string, name: string): Promise<Loaded> {
  try {
    const read = readYaml(await readWithin(folder, name, MAX_BYTES), runbookSchema);
    if (!read.ok) return { broken: { file: name, cause: yamlFault(read) } };
    if (read.value.slug + ENDING !== name) {
      return { broken: { file: name, cause: `its slug is ${read.value.slug}` } };
    }
    return { runbook: read.value };
  } catch (error) {
    return {
      broken: { file: name, cause: error instanceof Error ? error.message : String(error) },
    };
  }
}
