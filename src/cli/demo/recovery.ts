import { MINUTE } from "#domain/window.ts";
import { alarmsAnswer } from "./answers.ts";
import type { Case, Recovery } from "./case.ts";
import type { Guide } from "./guide.ts";
import { breaches } from "./limit.ts";
import { readMetric } from "./see-metric.ts";

/** An hour in all: alarms follow the metric by minutes, and what waited for the service has to catch up. */
const WAIT_SECONDS = 40;
const MOST_WAITS = 90;
/** Of the time before the onset, to see the metric back where it was. */
const BEFORE = 10 * MINUTE;

/** Waits until the alarms of this incident are quiet and the metric is back under its limit. */
export async function seeRecovery(guide: Guide, found: Case): Promise<Recovery> {
  await guide.page.heading("Recovery");
  const { alarms, primary } = found.trouble;
  let firing = alarms.map(({ name }) => name);
  for (let waits = 0; firing.length > 0 && waits < MOST_WAITS; waits++) {
    const awaited = firing.includes(primary.name) ? primary.name : (firing[0] ?? "");
    firing = await stillFiring(guide, awaited, firing);
  }
  const { limit, onset } = found.symptom;
  const from = new Date(Date.parse(onset) - BEFORE);
  const last = (await readMetric(guide, primary, from))?.statistics[0]?.last;
  const back = last === undefined || limit === undefined || !breaches(last, limit);
  return { healed: firing.length === 0 && back, firing, ...(last === undefined ? {} : { last }) };
}

/** Waits for one of them, then looks at all. */
async function stillFiring({ need }: Guide, awaited: string, firing: readonly string[]) {
  const args = { name_prefix: awaited, wait_seconds: WAIT_SECONDS };
  const one = await need("list_active_alarms", args, alarmsAnswer, ({ alarms }) => [
    alarms.length === 0 ? `${awaited} no longer fires.` : `${awaited} still fires.`,
  ]);
  if (one.alarms.some(({ name }) => name === awaited)) return [...firing];
  const all = await need("list_active_alarms", { limit: 100 }, alarmsAnswer, ({ alarms }) => {
    const names = alarms.map(({ name }) => name).filter((name) => firing.includes(name));
    return [names.length === 0 ? "All of them are quiet." : `Still firing: ${names.join(", ")}.`];
  });
  return firing.filter((name) => all.alarms.some((alarm) => alarm.name === name));
}
