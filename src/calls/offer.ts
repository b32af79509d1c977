import * as z from "zod";
import type { House, PortName } from "#ports/index.ts";
import { getAction } from "#tools/actions/get-action.ts";
import { undoAction } from "#tools/actions/undo-action.ts";
import { toolsets } from "#tools/index.ts";
import type { Mode, Tool } from "#tools/tool.ts";
import type { CallSettings } from "./settings.ts";

/** A tool as this server offers it. */
export interface Offered {
  readonly tool: Tool;
  /** The tool's arguments, and which cluster or region when there are several. */
  readonly input: z.ZodObject;
}

const ALWAYS: readonly PortName[] = ["clock", "actions", "reports", "runbooks"];

/** The tools of the chosen toolsets whose ports are configured, in the catalogue's order. */
export function offer(house: House, { mode, toolsets: chosen }: CallSettings): readonly Offered[] {
  const ports = configuredPorts(house);
  const tools = toolsets
    .filter(({ name }) => chosen.includes(name))
    .flatMap((toolset) => toolset.tools)
    .filter((tool) => tool.needs.every((need) => ports.has(need)) && allowedIn(mode, tool));
  const forActions = tools.some(({ kind }) => kind === "action") ? [getAction, undoAction] : [];
  return [...tools, ...forActions].map((tool) => ({ tool, input: withPlace(tool, house) }));
}

/** Every tool there is, by name, whether offered or not. */
export const catalogue: ReadonlyMap<string, Tool> = new Map(
  [...toolsets.flatMap(({ tools }) => tools), getAction, undoAction].map((tool) => [
    tool.name,
    tool,
  ]),
);

/** Read-only lists neither actions nor records. */
export function allowedIn(mode: Mode, tool: Tool): boolean {
  return mode !== "read-only" || tool.kind === "query";
}

/** Ports that tools may need, as this server is configured. */
export function configuredPorts({ world }: House): ReadonlySet<PortName> {
  return new Set([
    ...ALWAYS,
    ...(world.clusters?.offers ?? []),
    ...(world.regions?.offers ?? []),
    ...(world.chat ? (["chat"] as const) : []),
  ]);
}

function withPlace(tool: Tool, { world }: House): z.ZodObject {
  const clusters = world.clusters?.names ?? [];
  const regions = world.regions?.names ?? [];
  if (tool.place === "cluster" && clusters.length > 1) {
    return tool.input.extend({ cluster: oneOf(clusters, "Cluster; the first is the default.") });
  }
  if (tool.place === "region" && regions.length > 1) {
    return tool.input.extend({ region: oneOf(regions, "Region; the first is the default.") });
  }
  if (tool.place === "regions" && regions.length > 1) {
    return tool.input.extend({ region: oneOf(regions, "One region; all when absent.") });
  }
  return tool.input;
}

function oneOf(names: readonly string[], description: string) {
  return z.enum(names).optional().describe(description);
}
