import type { Course } from "./course.ts";
import type { SpecChange } from "./spec.ts";

/** What the app's autoscaler makes of the load. Without a request for CPU there is no utilization, and the count stays. */
export function autoscaled(
  { app, bounds, generations }: Pick<Course, "app" | "bounds" | "generations">,
  at: number,
): SpecChange {
  const { cpu } = generations.at(-1)?.source.values.resources.requests ?? {};
  if (!app.autoscaler || cpu === undefined) return {};
  const { min, max } = bounds.at(-1) ?? app.autoscaler;
  return { replicas: Math.min(max, Math.max(min, app.autoscaler.wants(at))) };
}
