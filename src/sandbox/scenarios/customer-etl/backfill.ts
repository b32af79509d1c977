import { DAY, MINUTE } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import { time } from "#sandbox/kubernetes/metadata.ts";
import type { Fixture } from "#sandbox/scenario.ts";

/** The pipeline's own re-run: on the first of each month, and by hand whenever somebody wants it. */
export function backfill(etl: App, start: number): Fixture {
  const ranAt = firstOfMonth(start);
  return {
    kind: "cronjobs",
    apiVersion: "batch/v1",
    objectKind: "CronJob",
    namespace: etl.namespace,
    name: `${etl.name}-backfill`,
    createdAt: start - 62 * DAY,
    labels: { "app.kubernetes.io/name": `${etl.name}-backfill` },
    body: {
      spec: {
        schedule: "0 5 1 * *",
        concurrencyPolicy: "Forbid",
        suspend: false,
        jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 3600, template: pod(etl) } },
      },
      status: {
        lastScheduleTime: time(ranAt),
        lastSuccessfulTime: time(ranAt + 4 * MINUTE),
      },
    },
  };
}

function pod({ name, revisions: [first] }: App) {
  const { repository, tag } = first.values.image;
  const container = { name: "backfill", image: `${repository}:${tag}`, args: ["backfill", name] };
  return { spec: { restartPolicy: "Never", containers: [container] } };
}

/** Five o'clock UTC on the last first of a month. */
function firstOfMonth(start: number): number {
  const now = new Date(start);
  const inMonth = (month: number) => Date.UTC(now.getUTCFullYear(), month, 1, 5);
  const at = inMonth(now.getUTCMonth());
  return at <= start ? at : inMonth(now.getUTCMonth() - 1);
}
