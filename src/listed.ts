import { promptFiles } from "#adapters/files/prompts.ts";
import { readPrompts } from "#prompts/index.ts";
import { forActions, toolsets } from "#tools/index.ts";
import { listTools } from "#tools/list.ts";

/** What lists show, as plain data. A build puts the values in this module's place: a release's start loads no tool. */
export const toolList = listTools(toolsets, forActions);
export const promptLibrary = readPrompts(await promptFiles());
