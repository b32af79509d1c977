import { DAY, HOUR } from "#domain/window.ts";
import type { History } from "#sandbox/cluster/history.ts";
import { clusterFixtures, secret } from "#sandbox/kubernetes/fixtures.ts";
import type { Scenario, Setting } from "#sandbox/scenario.ts";
import type { LogSource, Signals } from "#sandbox/signals/source.ts";
import { errorLines, etlAlarms } from "./customer-etl/alarms.ts";
import { type EtlApps, etlApps, onsetOf } from "./customer-etl/apps.ts";
import { backfill } from "./customer-etl/backfill.ts";
import { downstreamOf } from "./customer-etl/downstream.ts";
import { etlMetrics } from "./customer-etl/metrics.ts";
import { type Cause, sessionsOf } from "./customer-etl/sessions.ts";
import { taskLines, taskMinutes } from "./customer-etl/tasks.ts";

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
        backfill(apps.etl, setting.start),
      ],
      signals: (history) => signalsOf(setting, apps, history),
    };
  },
};

function signalsOf(setting: Setting, apps: EtlApps, history: History): Signals {
  const { seed } = setting;
  const { name, namespace } = apps.etl;
  const past = history(apps.etl);
  const sessions = sessionsOf(causeOf(setting, apps), past);
  const tasks = taskMinutes(past, sessions, seed);
  const followers = apps.downstream.map((app, i) => {
    const since = onsetOf(setting) - HOUR;
    const tasksPerMinute = 30 + 12 * i;
    const setup = { past: history(app), upstream: name, tasksPerMinute, since, seed };
    return [app.name, downstreamOf(setup, tasks)] as const;
  });
  const group = (app: string) => `/${namespace}/${app}`;
  const log = (app: string, minute: LogSource["minute"]): LogSource => ({
    group: group(app),
    retentionDays: 30,
    minute,
  });
  return {
    metrics: etlMetrics(setting, { name, sessions, tasks, followers }),
    logs: [
      log(name, taskLines(past, sessions, tasks, seed)),
      ...followers.map(([app, follower]) => log(app, follower.lines)),
    ],
    filters: [{ logGroup: group(name), pattern: "ERROR", metric: errorLines(name) }],
    alarms: etlAlarms(setting, apps, group),
    mutes: [],
  };
}

function causeOf(setting: Setting, { etl, newest }: EtlApps): Cause {
  return {
    since: onsetOf(setting),
    pods: etl.revisions[0].values.replicaCount,
    peak: setting.overrides.peak ?? 0.78,
    ...(setting.overrides.fault === "setting" ? {} : { faulty: newest }),
  };
}
