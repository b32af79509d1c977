import type { Alarm, AlarmState, MuteRule } from "#domain/alarms/alarm.ts";
import {
  type AlarmIndex,
  indexed,
  inNamespace,
  mostUrgentFirst,
  unknownChildren,
} from "#domain/alarms/family.ts";
import { SECOND, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { At, Call } from "#tools/tool.ts";

export type AlarmPorts = Pick<Ports, "alarms" | "logs" | "clock">;
export type AlarmPlace = At<AlarmPorts>;

export interface AlarmQuestion {
  readonly states: readonly AlarmState[];
  readonly namePrefix?: string;
  readonly namespace?: string;
}

export interface RegionError {
  readonly region: string;
  readonly code: string;
  readonly message: string;
}

/** What one region answered. */
export interface Survey {
  readonly place: AlarmPlace;
  readonly now: Date;
  /** Alarms that match the question. */
  readonly matching: readonly Alarm[];
  /** Those, and every alarm under a composite one. */
  readonly known: AlarmIndex;
  readonly mutes: readonly MuteRule[];
  /** When nothing matched: the alarms there are, whatever their state and namespace. */
  readonly others: readonly Alarm[];
  readonly errors: readonly RegionError[];
}

/** An alarm, and the survey that found it. */
export interface Found {
  readonly alarm: Alarm;
  readonly survey: Survey;
}

/** Every region at once. Throws the first region's error when none answered. */
export async function surveyAll(
  places: readonly AlarmPlace[],
  question: AlarmQuestion,
  signal: AbortSignal,
) {
  const settled = await Promise.allSettled(places.map((place) => survey(place, question, signal)));
  const surveys = settled.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  const failed = settled.flatMap((result, index) =>
    result.status === "rejected"
      ? { error: result.reason, region: places[index]?.label ?? "" }
      : [],
  );
  const first = failed[0];
  if (first && surveys.length === 0) throw first.error;
  const errors: RegionError[] = failed.map(({ region, error }) => regionError(region, error));
  return { surveys, errors: [...errors, ...surveys.flatMap((answered) => answered.errors)] };
}

/** Alarms are evaluated every minute or so. */
const LOOK_AGAIN_MS = 10 * SECOND;
/** What the last look and the alarms' log groups may take of the call's time. */
const ANSWER_MS = 8 * SECOND;

/** Looks again until nothing matches or the time is up, the call's own too: so a recovery can be awaited. */
export async function surveyUntilNone(
  places: readonly AlarmPlace[],
  question: AlarmQuestion,
  waitSeconds: number,
  { signal, timeLeft }: Pick<Call, "signal" | "timeLeft">,
) {
  const clock = places[0]?.ports.clock;
  const until = clock && shift(clock.now(), waitSeconds * SECOND);
  for (;;) {
    const answered = await surveyAll(places, question, signal);
    const quiet = answered.surveys.every(({ matching }) => matching.length === 0);
    if (!clock || !until || quiet) return answered;
    const left = Math.min(until.getTime() - clock.now().getTime(), timeLeft() - ANSWER_MS);
    if (left <= 0) return answered;
    await clock.sleep(Math.min(left, LOOK_AGAIN_MS), signal);
  }
}

/** What all surveys found, the most urgent first. */
export function inOrder(surveys: readonly Survey[]): Found[] {
  const [first] = surveys;
  if (!first) return [];
  const owner = new Map(surveys.flatMap((from) => from.matching.map((alarm) => [alarm, from])));
  return mostUrgentFirst([...owner.keys()], first.now).flatMap((alarm) => {
    const survey = owner.get(alarm);
    return survey ? [{ alarm, survey }] : [];
  });
}

/** Composite alarms may stand on composite alarms; deeper than this nobody builds. */
const MAX_DEPTH = 5;

async function survey(
  place: AlarmPlace,
  question: AlarmQuestion,
  signal: AbortSignal,
): Promise<Survey> {
  const { alarms } = place.ports;
  const prefix = question.namePrefix === undefined ? {} : { namePrefix: question.namePrefix };
  const found = await alarms.list({ states: question.states, ...prefix }, signal);
  const known = await withChildren(place, found, signal);
  const { namespace } = question;
  const matching =
    namespace === undefined ? found : found.filter((a) => inNamespace(a, namespace, known));
  const errors: RegionError[] = [];
  const mutes = await orNone(place, errors, "Mute rules", () => alarms.mutes(signal));
  const others = matching.length > 0 ? [] : await alarms.list(prefix, signal);
  return { place, now: place.ports.clock.now(), matching, known, mutes, others, errors };
}

async function withChildren(
  { ports }: AlarmPlace,
  found: readonly Alarm[],
  signal: AbortSignal,
): Promise<AlarmIndex> {
  const known = indexed(found);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const names = unknownChildren(known);
    const more = names.length === 0 ? [] : await ports.alarms.list({ names }, signal);
    if (more.length === 0) break;
    for (const alarm of more) known.set(alarm.name, alarm);
  }
  return known;
}

/** What helps but is not the question itself may fail without spoiling the answer. */
export async function orNone<T>(
  place: AlarmPlace,
  errors: RegionError[],
  subject: string,
  read: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await read();
  } catch (error) {
    const known = regionError(place.label, error);
    errors.push({ ...known, message: `${subject} could not be read: ${known.message}` });
    return [];
  }
}

/** The failure as a row. What is no `OpsError` was not foreseen and goes on up. */
export function regionError(region: string, error: unknown): RegionError {
  if (!(error instanceof OpsError)) throw error;
  return { region, code: error.code, message: error.message };
}
