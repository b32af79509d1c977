import { between } from "#sandbox/noise.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { family, gauge, spread } from "#sandbox/scenarios/metric-sources.ts";
import type { MetricSource } from "#sandbox/signals/source.ts";
import type { Downstream } from "./downstream.ts";
import type { Sessions } from "./sessions.ts";
import { type TaskMinute, taskDurations } from "./tasks.ts";

/** What there is to measure: the pipeline, its sessions, and those that wait for it, by name. */
export interface Observed {
  readonly name: string;
  readonly sessions: Sessions;
  readonly tasks: (minute: number) => TaskMinute | undefined;
  readonly followers: readonly (readonly [string, Downstream])[];
}

export function etlMetrics(setting: Setting, observed: Observed): readonly MetricSource[] {
  return [
    ...pipelineMetrics(setting, observed),
    ...databaseMetrics(setting, observed),
    ...observed.followers.flatMap(([app, follower]) => followerMetrics(app, follower)),
  ];
}

function pipelineMetrics(
  { seed }: Setting,
  { name, sessions, tasks }: Observed,
): readonly MetricSource[] {
  const of = family("Data/Pipelines", { Pipeline: name });
  return [
    gauge(of("FailureRate"), "Percent", (minute) => {
      const done = tasks(minute);
      return done && (100 * done.failed) / done.started;
    }),
    gauge(of("TasksStarted"), "Count", (minute) => tasks(minute)?.started),
    gauge(of("TasksFailed"), "Count", (minute) => tasks(minute)?.failed),
    gauge(of("SessionsInUse"), "Count", (minute) => {
      const use = sessions.use(minute);
      return use && Math.round(use.inUse);
    }),
    spread(of("TaskDuration"), "Milliseconds", (minute) => {
      const done = tasks(minute);
      return done && taskDurations(done, minute, seed);
    }),
  ];
}

/** The database behind: the pipeline's sessions and those of others. */
function databaseMetrics(setting: Setting, { sessions }: Observed): readonly MetricSource[] {
  const { seed } = setting;
  const of = family("AWS/RDS", { DBInstanceIdentifier: setting.name("legacy-crm") });
  const others = (minute: number) => between(36, 44, seed, "others", minute);
  const open = (minute: number) => others(minute) + (sessions.use(minute)?.inUse ?? 0);
  return [
    gauge(of("DatabaseConnections"), "Count", (minute) => Math.round(open(minute))),
    gauge(of("CPUUtilization"), "Percent", (minute) =>
      Math.min(96, 18 + 0.2 * open(minute) + between(0, 4, seed, "cpu", minute)),
    ),
  ];
}

function followerMetrics(app: string, follower: Downstream): readonly MetricSource[] {
  const of = family("Data/Pipelines", { Pipeline: app });
  return [
    gauge(of("LagMinutes"), "None", (minute) => follower.lag(minute)),
    gauge(of("TasksStarted"), "Count", (minute) => follower.tasks(minute).started),
    gauge(of("FailureRate"), "Percent", (minute) => {
      const { started, failed } = follower.tasks(minute);
      return started === 0 ? undefined : (100 * failed) / started;
    }),
  ];
}
