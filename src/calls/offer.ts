import { isObject, toJsonObject } from "#domain/json.ts";
import type { House, PortName } from "#ports/index.ts";
import type { ListedTool, ToolList } from "#tools/list.ts";
import type { Mode, Tool } from "#tools/tool.ts";
import type { CallSettings } from "./settings.ts";

const ALWAYS: readonly PortName[] = ["clock", "actions", "reports", "runbooks", "policy"];

/** The tools of the chosen toolsets whose ports are configured, in the catalogue's order, as this server lists them. */
export function offer(
  { toolsets, forActions }: ToolList,
  house: House,
  { mode, toolsets: chosen }: CallSettings,
): readonly ListedTool[] {
  const ports = configuredPorts(house);
  const tools = toolsets
    .filter(({ name }) => chosen.includes(name))
    .flatMap((toolset) => toolset.tools)
    .filter((tool) => tool.needs.every((need) => ports.has(need)) && allowedIn(mode, tool));
  const others = tools.some(({ kind }) => kind === "action") ? forActions : [];
  return [...tools, ...others].map((tool) => withPlace(tool, house));
}

/** Read-only lists neither actions nor records. */
export function allowedIn(mode: Mode, { kind }: Pick<Tool, "kind">): boolean {
  return mode !== "read-only" || kind === "query";
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

/** With the argument that names the cluster or region, when there are several. */
function withPlace(tool: ListedTool, { world }: House): ListedTool {
  const clusters = world.clusters?.names ?? [];
  const regions = world.regions?.names ?? [];
  if (tool.place === "cluster" && clusters.length > 1) {
    return withArgument(tool, "cluster", clusters, "Cluster; the first is the default.");
  }
  if (tool.place === "region" && regions.length > 1) {
    return withArgument(tool, "region", regions, "Region; the first is the default.");
  }
  if (tool.place === "regions" && regions.length > 1) {
    return withArgument(tool, "region", regions, "One region; all when absent.");
  }
  return tool;
}

function withArgument(
  tool: ListedTool,
  name: string,
  values: readonly string[],
  description: string,
): ListedTool {
  const { properties } = tool.inputSchema;
  const argument = { type: "string", enum: values, description };
  const known = isObject(properties) ? properties : {};
  const wider = { ...tool.inputSchema, properties: { ...known, [name]: argument } };
  return { ...tool, inputSchema: toJsonObject(wider) };
}
