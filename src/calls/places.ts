import type { Json, JsonObject } from "#domain/json.ts";
import { isObject } from "#domain/json.ts";
import { OpsError } from "#errors.ts";
import type { House, Places, Ports } from "#ports/index.ts";
import type { Bound, Place, Tool } from "#tools/tool.ts";
import { guardCluster, guardRegion } from "./guard.ts";
import type { CallSettings } from "./settings.ts";

/** Raw arguments without the one that names a place, and that place. */
export interface Placed {
  readonly raw: unknown;
  readonly place?: string;
}

/** The argument that names a place of this sort. */
function placeArgument(place: Place): "cluster" | "region" | undefined {
  if (place === "none") return undefined;
  return place === "cluster" ? "cluster" : "region";
}

function namesOf(house: House, place: Place): readonly string[] {
  if (place === "none") return [];
  return (place === "cluster" ? house.world.clusters : house.world.regions)?.names ?? [];
}

/**
 * Takes the cluster or region out of the arguments, where the tool has such an argument, and checks it.
 * The first is the default; a tool of all regions has none.
 */
export function takePlace(tool: Tool, raw: unknown, house: House): Placed {
  const argument = placeArgument(tool.place);
  const names = namesOf(house, tool.place);
  if (argument === undefined) return { raw };
  const fallback = tool.place === "regions" ? undefined : names[0];
  const standard = fallback === undefined ? { raw } : { raw, place: fallback };
  if (names.length < 2 || !isObject(raw) || raw[argument] === undefined) return standard;
  const { [argument]: named, ...rest } = raw;
  const place = names.find((name) => name === named);
  if (place === undefined) throw unknownPlace(argument, named, names);
  return { raw: rest, place };
}

function unknownPlace(argument: string, named: unknown, names: readonly string[]): OpsError {
  return new OpsError(
    "not_allowed",
    `${argument} ${JSON.stringify(named)} is not among those offered.`,
    `Offered: ${names.join(", ")}.`,
  );
}

/** The ports that a tool gets: those of its place, and those that belong to none. */
export async function bind(
  tool: Pick<Tool, "place" | "needs">,
  place: string | undefined,
  house: House,
  settings: CallSettings,
): Promise<Bound> {
  const shared = await sharedPorts(tool, house);
  if (tool.place !== "regions") {
    return { one: { ...shared, ...(await portsAt(tool.place, place, house, settings)) } };
  }
  const labels = place === undefined ? namesOf(house, tool.place) : [place];
  const each = labels.map(async (label) => ({
    label,
    ports: { ...shared, ...(await portsAt("region", label, house, settings)) },
  }));
  return { each: await Promise.all(each) };
}

/** As `bind`, for a tool of one place. */
export async function bindOne(
  tool: Pick<Tool, "place" | "needs">,
  place: string | undefined,
  house: House,
  settings: CallSettings,
): Promise<Partial<Ports>> {
  const bound = await bind(tool, place, house, settings);
  return "one" in bound ? bound.one : {};
}

async function sharedPorts(tool: Pick<Tool, "needs">, house: House): Promise<Partial<Ports>> {
  const records = tool.needs.some((need) => need === "actions" || need === "reports")
    ? await house.records()
    : undefined;
  return {
    clock: house.world.clock,
    runbooks: house.runbooks,
    policy: house.policy,
    ...(house.world.chat ? { chat: house.world.chat } : {}),
    ...(records ? { actions: records.actions, reports: records.reports } : {}),
  };
}

async function portsAt(
  sort: Place,
  place: string | undefined,
  { world }: House,
  { namespaces, logGroups }: CallSettings,
): Promise<Partial<Ports>> {
  if (sort === "cluster") return guardCluster(await open(world.clusters, place), namespaces);
  if (sort === "region") return guardRegion(await open(world.regions, place), logGroups);
  return {};
}

async function open<P>(
  places: Places<P> | undefined,
  name: string | undefined,
): Promise<Partial<P>> {
  return places && name !== undefined ? places.open(name) : {};
}

/** The arguments as a caller would have to give them, place included: what a repeat must match. */
export function identity(tool: string, args: JsonObject, place: string | undefined): Json {
  return { tool, args, place: place ?? null };
}
