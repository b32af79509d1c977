import { between } from "#sandbox/noise.ts";
import type { Setting } from "#sandbox/scenario.ts";

const ONSET_MINUTES = [14, 19] as const;

/** When the newest release, or the edit, came. */
export function onsetOf({ start, seed, overrides }: Setting): number {
  const minutes = overrides.onsetMinutesAgo ?? between(...ONSET_MINUTES, seed, "onset");
  return start - Math.round(minutes * 60) * 1000;
}
