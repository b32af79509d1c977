import type { MetricId } from "#domain/alarms/alarm.ts";
import { DAY } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { above, anyOf } from "#sandbox/scenarios/alarm-specs.ts";
import { family } from "#sandbox/scenarios/metric-sources.ts";
import type { LoadBalancer } from "#sandbox/scenarios/web-signals.ts";
import type { WebStory } from "#sandbox/scenarios/web-story.ts";
import type { AlarmSpec } from "#sandbox/signals/source.ts";
import { evictions, rolloutAge } from "./replicas.ts";

export function webAlarms(
  setting: Setting,
  story: WebStory,
  app: App,
  balancer: LoadBalancer,
  gatewayErrors: MetricId,
): readonly AlarmSpec[] {
  const createdAt = setting.start - 68 * DAY;
  const balanced = family("AWS/ApplicationELB", {
    LoadBalancer: balancer.name,
    TargetGroup: balancer.targetGroup,
  });
  const failing = above(balanced("HTTPCode_Target_5XX_Count"), {
    name: `${app.name}-5xx`,
    description: "Users get server errors.",
    statistic: "Sum",
    threshold: story.requestsPerMinute / 20,
    treatMissingData: "notBreaching",
    createdAt,
  });
  const replicas = missingReplicas(app, createdAt);
  const errors = above(gatewayErrors, {
    name: `${app.name}-gateway-errors`,
    statistic: "Sum",
    threshold: story.requestsPerMinute / 12,
    treatMissingData: "notBreaching",
    createdAt,
  });
  const front = anyOf([failing, replicas, errors], {
    name: setting.name("web-front-door"),
    createdAt,
  });
  return [
    ...[failing, replicas, errors, front],
    ...(story.watchesRollouts ? [unfinishedRollout(app, createdAt)] : []),
    ...(story.sickNode ? [evictedPods(app, createdAt)] : []),
  ];
}

function missingReplicas(app: App, createdAt: number) {
  const insight = family("ContainerInsights", {
    ClusterName: "sandbox",
    Namespace: app.namespace,
    PodName: app.name,
  });
  return above(insight("status_replicas_unavailable"), {
    name: `${app.name}-replicas-unavailable`,
    description: "Pods of the deployment have not become available for minutes.",
    statistic: "Minimum",
    threshold: 0,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
    createdAt,
  });
}

function unfinishedRollout(app: App, createdAt: number): AlarmSpec {
  return above(rolloutAge(app), {
    name: `${app.name}-rollout-unfinished`,
    description: "The delivery pipeline waits for a rollout for more than five minutes.",
    statistic: "Maximum",
    threshold: 300,
    createdAt,
  });
}

function evictedPods(app: App, createdAt: number): AlarmSpec {
  return above(evictions(app), {
    name: `${app.namespace}-pod-evictions`,
    description: "Kubelets evict pods of this namespace again and again.",
    statistic: "Sum",
    threshold: 0,
    periodSeconds: 300,
    evaluationPeriods: 2,
    createdAt,
  });
}
