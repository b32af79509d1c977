import { bytes, bytesText } from "./quantity.ts";
import type { Container } from "./template.ts";
import type { Usage } from "./usage.ts";

/** Share of its limit above which a container is about to be killed. */
const CLOSE = 0.9;

/** Said when a container uses about as much memory as it is to have at most, or more. */
export function measuredWarnings(
  { name, resources }: Container,
  usages: readonly Usage[],
): readonly string[] {
  const limit = bytes(resources.limits.memory);
  const most = Math.max(0, ...usages.map(({ containers }) => containers.get(name)?.memory ?? 0));
  if (limit === undefined || most < limit * CLOSE) return [];
  const than = most > limit ? "less than that" : "hardly more";
  return [
    `${name} uses up to ${bytesText(most)} of memory now, and ${resources.limits.memory} is ${than}: pods would be killed.`,
  ];
}
