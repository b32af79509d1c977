import { SECOND, shift } from "#domain/window.ts";
import type { Ports } from "#ports/index.ts";
import type { Call } from "#tools/tool.ts";

const EVERY = 5 * SECOND;

/** Looks every five seconds, until `enough` says so or the time is up; answers the last look. */
export async function until<Seen>(
  look: () => Promise<Seen>,
  enough: (seen: Seen) => boolean,
  limitMs: number,
  { clock }: Pick<Ports, "clock">,
  { signal }: Pick<Call, "signal">,
): Promise<Seen> {
  const end = shift(clock.now(), limitMs);
  for (;;) {
    const seen = await look();
    if (enough(seen) || clock.now() >= end) return seen;
    await clock.sleep(EVERY, signal);
  }
}
