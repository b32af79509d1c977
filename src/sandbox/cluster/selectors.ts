import * as z from "zod";
import type { ClusterEffect } from "#sandbox/effect.ts";
import { mergePatch } from "#sandbox/merge-patch.ts";
import type { App } from "./app.ts";
import { selector } from "./manifest.ts";

/** What the app's Service selects its pods by, from `at` on. */
export interface SelectorState {
  readonly at: number;
  readonly labels: Readonly<Record<string, string>>;
}

const labelsSchema = z.record(z.string(), z.string());

/** The next state, when the shift is of this app's Service. */
export function shifted(
  app: App,
  states: readonly SelectorState[],
  at: number,
  { kind, name, spec }: Extract<ClusterEffect, { type: "shift_traffic" }>,
): readonly SelectorState[] {
  if (kind !== "services" || name !== app.name) return [];
  const before = states.at(-1)?.labels ?? selector(app);
  const merged = mergePatch({ selector: { ...before } }, spec);
  return [{ at, labels: labelsSchema.parse(merged.selector) }];
}
