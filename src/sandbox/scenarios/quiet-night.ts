import { DAY, HOUR, MINUTE } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { History } from "#sandbox/cluster/history.ts";
import { clusterFixtures, secret } from "#sandbox/kubernetes/fixtures.ts";
import { hex } from "#sandbox/noise.ts";
import type { Scenario, Setting } from "#sandbox/scenario.ts";
import type { AlarmSpec, MetricSource, Signals } from "#sandbox/signals/source.ts";
import { above, anyOf } from "./alarm-specs.ts";
import { appLines } from "./app-lines.ts";
import { family } from "./metric-sources.ts";
import { type MediaApps, mediaApps } from "./quiet-night/apps.ts";
import { type WebLoad, webMinutes } from "./web.ts";
import { balancerMetrics, gatewayLines, type LoadBalancer } from "./web-signals.ts";

/** Nothing is wrong. */
export const quietNight: Scenario = {
  name: "quiet-night",
  stage(setting) {
    const apps = mediaApps(setting);
    const all = [apps.uploads, apps.thumbnails];
    const since = setting.start - 80 * DAY;
    return {
      apps: all,
      fixtures: [
        ...clusterFixtures([apps.uploads.namespace], setting.start),
        ...all.map((app) => secret(app.namespace, app.secret ?? app.name, ["access_key"], since)),
      ],
      signals: (history) => signalsOf(setting, apps, history),
    };
  },
};

const FILES = ["file stored", "preview made", "metadata read"] as const;
const PATHS = ["/uploads", "/uploads/parts", "/files"] as const;

function signalsOf(
  setting: Setting,
  { uploads, thumbnails }: MediaApps,
  history: History,
): Signals {
  const load: WebLoad = {
    past: history(uploads),
    seed: setting.seed,
    requestsPerMinute: 300,
    needed: 2,
    usualFailures: 0.004,
    peak: 0.95,
  };
  const web = webMinutes(load);
  const balancer: LoadBalancer = {
    name: `app/${setting.name("media-public")}/${hex(16, setting.seed, "balancer")}`,
    targetGroup: `targetgroup/${uploads.name}/${hex(16, setting.seed, "target group")}`,
  };
  const alive = (minute: number) => history(uploads).pods(minute).length;
  const group = (app: App) => `/${app.namespace}/${app.name}`;
  const gateway = `/${uploads.namespace}/gateway`;
  const errors = { namespace: "Media/Gateway", name: `${uploads.name}-errors`, dimensions: {} };
  return {
    metrics: balancerMetrics(balancer, load, web, alive).map(slowEarlierToday(setting)),
    logs: [
      { group: gateway, retentionDays: 14, minute: gatewayLines(uploads.name, load, web, PATHS) },
      ...[uploads, thumbnails].map((app) => ({
        group: group(app),
        retentionDays: 30,
        minute: appLines(history(app), setting.seed, FILES),
      })),
    ],
    filters: [{ logGroup: gateway, pattern: "{ $.status >= 500 }", metric: errors }],
    alarms: alarmsOf(setting, uploads, thumbnails, balancer),
    mutes: [
      {
        name: setting.name("weekend-reindex"),
        alarms: [`${thumbnails.name}-queue-age`],
        active: true,
        until: new Date(setting.start + 9 * HOUR),
      },
    ],
  };
}

/** Answers were slow twice, some hours before the world began. */
function slowEarlierToday({ start }: Setting): (metric: MetricSource) => MetricSource {
  const spells = [
    { from: start - 7 * HOUR, minutes: 4 },
    { from: start - 6.5 * HOUR, minutes: 3 },
  ];
  const isSlow = (minute: number) =>
    spells.some(({ from, minutes }) => minute >= from && minute < from + minutes * MINUTE);
  return (metric) =>
    metric.name !== "TargetResponseTime"
      ? metric
      : {
          ...metric,
          minute(at) {
            const samples = metric.minute(at);
            if (!samples || !isSlow(at)) return samples;
            return { ...samples, values: samples.values.map((value) => value * 6) };
          },
        };
}

function alarmsOf(
  setting: Setting,
  uploads: App,
  thumbnails: App,
  balancer: LoadBalancer,
): readonly AlarmSpec[] {
  const createdAt = setting.start - 75 * DAY;
  const of = family("AWS/ApplicationELB", {
    LoadBalancer: balancer.name,
    TargetGroup: balancer.targetGroup,
  });
  const failing = above(of("HTTPCode_Target_5XX_Count"), {
    name: `${uploads.name}-5xx`,
    statistic: "Sum",
    threshold: 30,
    treatMissingData: "notBreaching",
    createdAt,
  });
  const slow = above(of("TargetResponseTime"), {
    name: `${uploads.name}-latency-p90`,
    description: "Uploads are slow to begin.",
    statistic: "p90",
    threshold: 1,
    createdAt,
  });
  const queue = above(family("Media/Queues", { Queue: thumbnails.name })("AgeOfOldestSeconds"), {
    name: `${thumbnails.name}-queue-age`,
    description: "Reports only while there is something to reindex.",
    threshold: 600,
    createdAt,
  });
  const front = anyOf([failing, slow], { name: setting.name("media-front-door"), createdAt });
  return [failing, slow, queue, front];
}
