import * as z from "zod";
import { OpsError } from "#errors.ts";
import type { ResourceChange } from "./container-change.ts";
import { containerPath, type FoundContainer } from "./one-container.ts";
import { type PodResources, podResources } from "./pod-resources.ts";
import { amount, cpuText } from "./quantity.ts";
import type { Container, PodSpec } from "./template.ts";

/** The four settings by their arguments, with where each stands in a container. */
const places = {
  cpu_request: ["requests", "cpu"],
  cpu_limit: ["limits", "cpu"],
  memory_request: ["requests", "memory"],
  memory_limit: ["limits", "memory"],
} as const;

type Setting = keyof typeof places;
const settings: readonly Setting[] = ["cpu_request", "cpu_limit", "memory_request", "memory_limit"];

/** Quantities by argument; `none` takes a setting away. */
export type AskedResources = { readonly [setting in Setting]?: string | undefined };

export const NONE = "none";

/** One setting that differs. Quantities as the API keeps them, or `none`. */
export const settingChangeSchema = z.object({
  setting: z.enum(["cpu_request", "cpu_limit", "memory_request", "memory_limit"]),
  from: z.string(),
  to: z.string(),
});
export type SettingChange = z.output<typeof settingChangeSchema>;

/** What of the asked differs from what is set. `1` and `1000m` do not. */
export function changedSettings({ resources }: Container, asked: AskedResources): SettingChange[] {
  return settings.flatMap((setting) => {
    const [sort, resource] = places[setting];
    const from = resources[sort][resource] ?? NONE;
    const to = asked[setting] ?? from;
    return amount(from) === amount(to) ? [] : [{ setting, from, to }];
  });
}

/** Whether the container has what the changes set, or what it had before them. */
export function hasSettings(
  { resources }: Container,
  changes: readonly SettingChange[],
  which: "from" | "to",
): boolean {
  return changes.every((change) => {
    const [sort, resource] = places[change.setting];
    return amount(resources[sort][resource]) === amount(change[which]);
  });
}

/** The changes in the form in which a container is patched. */
export function resourcePatch(changes: readonly SettingChange[]): ResourceChange {
  const of = (sort: "requests" | "limits") =>
    Object.fromEntries(
      changes.flatMap(({ setting, to }) => {
        const [own, resource] = places[setting];
        return own === sort ? [[resource, to === NONE ? null : to]] : [];
      }),
    );
  return { requests: of("requests"), limits: of("limits") };
}

/** Options of `kubectl set resources`, which takes a 0 for nothing. */
export function resourceOptions(changes: readonly SettingChange[]): readonly string[] {
  return (["requests", "limits"] as const).flatMap((sort) => {
    const pairs = Object.entries(resourcePatch(changes)[sort] ?? {});
    const list = pairs.map(([resource, value]) => `${resource}=${value ?? 0}`).join(",");
    return list === "" ? [] : [`--${sort}=${list}`];
  });
}

/** The call's arguments that set each changed setting to what it was. */
export function backwards(changes: readonly SettingChange[]): {
  readonly [setting: string]: string;
} {
  return Object.fromEntries(changes.map(({ setting, from }) => [setting, from]));
}

/** Throws where the container would be refused by the API, or could not live. */
export function requireSound(container: Container): void {
  for (const resource of ["cpu", "memory"] as const) {
    const [request, limit] = [
      container.resources.requests[resource],
      container.resources.limits[resource],
    ];
    if ((amount(request) ?? 0) <= (amount(limit) ?? Number.POSITIVE_INFINITY)) continue;
    throw new OpsError(
      "invalid_input",
      `The ${resource} request ${request} is above the limit ${limit}.`,
      `Set ${resource}_request to at most ${resource}_limit; both can be changed in one call.`,
    );
  }
}

/** The container as it will be. */
export function withSettings(container: Container, changes: readonly SettingChange[]): Container {
  const of = (sort: "requests" | "limits") => {
    const merged = { ...container.resources[sort], ...resourcePatch(changes)[sort] };
    const kept = Object.entries(merged).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    );
    return Object.fromEntries(kept);
  };
  return { ...container, resources: { requests: of("requests"), limits: of("limits") } };
}

/** What a pod of the spec asks for with that container changed. */
export function resourcesWith(spec: PodSpec, changed: Container): PodResources {
  const swap = (container: Container) => (container.name === changed.name ? changed : container);
  return podResources({
    ...spec,
    containers: spec.containers.map(swap),
    initContainers: spec.initContainers.map(swap),
  });
}

/** One line for each setting that changes. */
export function settingLines(
  found: FoundContainer,
  changes: readonly SettingChange[],
): readonly string[] {
  return changes.map(({ setting, from, to }) => {
    const path = containerPath(found, ["resources", ...places[setting]].join("."));
    return `  ${path}: ${from} → ${to}`;
  });
}

/** What a limit that is lowered, or taken away, does to programs. */
export function settingWarnings(changes: readonly SettingChange[]): readonly string[] {
  return changes.flatMap(({ setting, from, to }) => {
    const [was, is] = [amount(from), amount(to)];
    if (setting.endsWith("_limit") && is === undefined) {
      return [
        `Without a ${word(setting)} limit the container may take what its neighbours on the node need.`,
      ];
    }
    const lowered = is !== undefined && is < (was ?? Number.POSITIVE_INFINITY);
    if (setting === "memory_limit" && lowered) {
      return [`A container that needs more memory than ${to} is killed (OOMKilled).`];
    }
    return setting === "cpu_limit" && lowered
      ? [`A container that needs more than ${cpuText(is)} cores is slowed down (throttled).`]
      : [];
  });
}

function word(setting: Setting): string {
  return setting.startsWith("cpu") ? "CPU" : "memory";
}
