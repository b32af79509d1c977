import type { MetricId } from "#domain/alarms/alarm.ts";
import { MINUTE } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { family, gauge } from "#sandbox/scenarios/metric-sources.ts";
import type { MetricSource } from "#sandbox/signals/source.ts";

/** What Container Insights tells of a workload's replicas. */
export function replicaMetrics(past: AppHistory): readonly MetricSource[] {
  const { app } = past.course;
  const of = family("ContainerInsights", {
    ClusterName: "sandbox",
    Namespace: app.namespace,
    PodName: app.name,
  });
  const unready = (minute: number) => {
    const pods = past.pods(minute).length;
    const wanted = past.generation(minute)?.replicas ?? 0;
    return Math.max(pods, wanted) - past.ready(minute).length;
  };
  return [
    gauge(of("status_replicas_unavailable"), "Count", unready),
    gauge(of("status_replicas_available"), "Count", (minute) => past.ready(minute).length),
    gauge(evictions(app), "Count", (minute) => evictedIn(past, minute)),
    gauge(rolloutAge(past.course.app), "Seconds", (minute) => unfinishedSeconds(past, minute)),
  ];
}

/** Pods that kubelets evicted, as a platform team counts them. */
export function evictions({ namespace }: App): MetricId {
  return family("Platform", { Namespace: namespace })("PodEvictions");
}

function evictedIn(past: AppHistory, minute: number): number {
  return past.course.pods.filter(
    ({ evicted, goneAt }) => evicted && goneAt > minute - MINUTE && goneAt <= minute,
  ).length;
}

/** What the delivery pipeline tells of a rollout that it waits for. */
export function rolloutAge({ name }: App): MetricId {
  return family("Delivery", { Deployment: name })("UnfinishedRolloutSeconds");
}

function unfinishedSeconds(past: AppHistory, minute: number): number {
  const now = past.generation(minute);
  const ready = past.ready(minute).filter(({ hash }) => hash === now?.hash);
  return now && ready.length < now.replicas ? (minute - now.at) / 1000 : 0;
}
