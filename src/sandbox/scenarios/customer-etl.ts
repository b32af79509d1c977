import { DAY, HOUR } from "#domain/window.ts";
import type { History } from "#sandbox/cluster/history.ts";
import { clusterFixtures, secret } from "#sandbox/kubernetes/fixtures.ts";
import { between } from "#sandbox/noise.ts";
import type { Scenario, Setting } from "#sandbox/scenario.ts";
import type { LogSource, MetricSource, Signals } from "#sandbox/signals/source.ts";
import { etlAlarms } from "./customer-etl/alarms.ts";
import { type EtlApps, etlApps, onsetOf } from "./customer-etl/apps.ts";
import { type Downstream, downstreamOf } from "./customer-etl/downstream.ts";
import { type Sessions, sessionsOf } from "./customer-etl/sessions.ts";
import { type TaskMinute, taskDurations, taskLines, taskMinutes } from "./customer-etl/tasks.ts";
import { family, gauge, spread } from "./metric-sources.ts";

/** The code of the newest release keeps database sessions until the pool is empty. */
export const customerEtl: Scenario = {
  name: "customer-etl",
  stage(setting) {
    const apps = etlApps(setting);
    const { namespace, secret: secretName = "" } = apps.etl;
    return {
      apps: [apps.etl, ...apps.downstream, apps.archive],
      fixtures: [
        ...clusterFixtures([namespace], setting.start),
        secret(namespace, secretName, ["username", "password"], setting.start - 62 * DAY),
      ],
      signals: (history) => signalsOf(setting, apps, history),
    };
  },
};

interface Observed {
  readonly name: string;
  readonly sessions: Sessions;
  readonly tasks: (minute: number) => TaskMinute | undefined;
  readonly followers: readonly (readonly [string, Downstream])[];
}

function signalsOf(setting: Setting, apps: EtlApps, history: History): Signals {
  const { seed } = setting;
  const past = history(apps.etl);
  const since = onsetOf(setting);
  const sessions = sessionsOf(
    {
      app: apps.etl,
      since,
      pods: apps.etl.revisions[0].values.replicaCount,
      peak: setting.overrides.peak ?? 0.78,
      ...(setting.overrides.fault === "setting" ? {} : { faulty: apps.newest }),
    },
    past,
  );
  const tasks = taskMinutes(past, sessions, seed);
  const followers = apps.downstream.map((app, i) => {
    const setup = {
      past: history(app),
      upstream: apps.etl.name,
      tasksPerMinute: 30 + 12 * i,
      since: since - HOUR,
      seed,
    };
    return [app.name, downstreamOf(setup, tasks)] as const;
  });
  const { name } = apps.etl;
  const observed: Observed = { name, sessions, tasks, followers };
  const group = (app: string) => `/${apps.etl.namespace}/${app}`;
  return {
    metrics: metricsOf(setting, observed),
    logs: [
      {
        group: group(name),
        retentionDays: 30,
        minute: taskLines(past, sessions, tasks, seed),
      },
      ...followers.map(
        ([app, follower]): LogSource => ({
          group: group(app),
          retentionDays: 30,
          minute: (minute) => follower.lines(minute),
        }),
      ),
    ],
    filters: [
      {
        logGroup: group(name),
        pattern: "ERROR",
        metric: { namespace: "Data/Logs", name: `${name}-errors`, dimensions: {} },
      },
    ],
    alarms: etlAlarms(setting, apps, group),
    mutes: [],
  };
}

function metricsOf(setting: Setting, observed: Observed): readonly MetricSource[] {
  const { name, followers } = observed;
  return [
    ...pipelineMetrics(setting, observed),
    ...databaseMetrics(setting, observed),
    ...followers.flatMap(([app, follower]) => followerMetrics(app, follower)),
    gauge(family("Data/Pipelines", { Pipeline: name })("LagMinutes"), "None", (minute) =>
      between(0.5, 1.2, setting.seed, name, "lag", minute),
    ),
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
