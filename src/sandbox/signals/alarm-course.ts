import type { AlarmState } from "#domain/alarms/alarm.ts";
import { DAY, MINUTE } from "#domain/window.ts";
import { type Datapoint, evaluate, type Verdict } from "./evaluation.ts";
import { type Recorded, sameMetric, samplesIn } from "./metrics.ts";
import {
  type AlarmSpec,
  type AlarmTest,
  type CompositeAlarmSpec,
  type Signals,
  watchedBy,
} from "./source.ts";
import { statisticOf } from "./statistics.ts";

/** How far back alarms have a history before the world began. */
const PAST_MS = 2 * DAY;

export interface Transition extends Verdict {
  readonly at: number;
  readonly from: AlarmState;
}

/** An alarm's state over time: what it was first, and each change. */
export interface AlarmCourse {
  readonly spec: AlarmSpec;
  readonly first: Verdict;
  /** Changes up to `t`, oldest first. */
  until(t: number): readonly Transition[];
}

type Judge = (t: number, before: AlarmState) => Verdict;

/** The courses of all alarms. Each is evaluated every minute, on the minute, from two days before `start`. */
export function alarmCourses(
  signals: Signals,
  metrics: readonly Recorded[],
  start: number,
): readonly AlarmCourse[] {
  const begin = Math.floor((start - PAST_MS) / MINUTE) * MINUTE;
  const courses = new Map<string, AlarmCourse>();
  for (const spec of signals.alarms.filter((one) => one.kind !== "composite")) {
    const metric = metrics.find((one) => sameMetric(one, watchedBy(spec)));
    const statistic = spec.kind === "metric" ? spec.statistic : "Sum";
    courses.set(spec.name, course(spec, begin, thresholdJudge(spec, metric, statistic)));
  }
  for (const spec of signals.alarms.filter((one) => one.kind === "composite")) {
    courses.set(spec.name, course(spec, begin, compositeJudge(spec, courses)));
  }
  return signals.alarms.flatMap((spec) => courses.get(spec.name) ?? []);
}

export function stateAt(one: AlarmCourse, t: number): AlarmState {
  return (one.until(t).at(-1) ?? one.first).state;
}

function course(spec: AlarmSpec, begin: number, judge: Judge): AlarmCourse {
  const first = judge(begin, "OK");
  const changes: Transition[] = [];
  let done = begin;
  return {
    spec,
    first,
    until(t) {
      for (; done + MINUTE <= t; done += MINUTE) {
        const from = (changes.at(-1) ?? first).state;
        const verdict = judge(done + MINUTE, from);
        if (verdict.state !== from) changes.push({ ...verdict, at: done + MINUTE, from });
      }
      return changes.filter(({ at }) => at <= t);
    },
  };
}

function thresholdJudge(test: AlarmTest, metric: Recorded | undefined, statistic: string): Judge {
  const length = test.periodSeconds * 1000;
  const value = (start: number, t: number) => {
    const samples = metric ? samplesIn(metric, { start, end: start + length }, t) : [];
    return samples.length === 0 ? undefined : statisticOf(statistic, samples);
  };
  return (t, before) => {
    const newest = Math.floor(t / length) * length;
    const points = Array.from({ length: test.evaluationPeriods }, (_, i): Datapoint => {
      const at = newest - (test.evaluationPeriods - i) * length;
      return { at, value: value(at, t) };
    });
    return evaluate(test, points, before);
  };
}

function compositeJudge(
  spec: CompositeAlarmSpec,
  courses: ReadonlyMap<string, AlarmCourse>,
): Judge {
  return (t) => {
    const children = spec.children.flatMap((name) => courses.get(name) ?? []);
    const ringing = children.filter((child) => stateAt(child, t) === "ALARM");
    const names = (ringing.length > 0 ? ringing : children).map((child) => child.spec.name);
    const state = ringing.length > 0 ? "ALARM" : "OK";
    const said = names.map((name) => `Alarm ${name}`).join(", ");
    return { state, reason: () => `${said} transitioned to ${state}` };
  };
}
