import { MINUTE } from "#domain/window.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { type Pod, runsBy } from "#sandbox/cluster/pods.ts";
import { family, gauge, spread } from "#sandbox/scenarios/metric-sources.ts";
import type { MetricSource } from "#sandbox/signals/source.ts";
import { type Appetite, limitMi, memoryMi } from "./memory.ts";

/** What Container Insights tells of the app's pods. */
export function containerMetrics(past: AppHistory, appetite: Appetite): readonly MetricSource[] {
  const { app } = past.course;
  const of = family("ContainerInsights", {
    ClusterName: "sandbox",
    Namespace: app.namespace,
    PodName: app.name,
  });
  return [
    spread(of("pod_memory_utilization_over_pod_limit"), "Percent", (minute) => {
      const values = past.pods(minute).flatMap((pod) => utilization(pod, minute, appetite));
      return values.length === 0 ? undefined : { values, count: values.length };
    }),
    gauge(of("pod_number_of_container_restarts"), "Count", (minute) =>
      past.course.pods.reduce((sum, pod) => sum + restartsIn(pod, minute - MINUTE, minute), 0),
    ),
  ];
}

function utilization(pod: Pod, t: number, appetite: Appetite): readonly number[] {
  const run = runsBy(pod, t).at(-1);
  if (!run || run.endedAt <= t) return [];
  const begun = { pod: pod.name, revision: pod.source, index: run.index, startedAt: run.startedAt };
  return [(100 * memoryMi(begun, t - run.startedAt, appetite)) / limitMi(pod.source)];
}

function restartsIn(pod: Pod, from: number, to: number): number {
  const until = Math.min(to, pod.goneAt);
  return runsBy(pod, until).filter((run) => run.index > 0 && run.startedAt >= from).length;
}
