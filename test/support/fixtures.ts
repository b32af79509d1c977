import type { Fixture } from "#sandbox/scenario.ts";
import { START } from "./connect.ts";

const createdAt = START.getTime() - 30 * 24 * 3_600_000;

/** A CronJob of namespace data that runs every night. */
export function cronJob(name: string, spec: object = {}, jobSpec: object = {}): Fixture {
  const container = { name: "app", image: "registry.example.com/report:3.1", args: ["--all"] };
  const secret = { name: "TOKEN", value: "not-for-your-eyes" };
  const pod = { restartPolicy: "Never", containers: [{ ...container, env: [secret] }] };
  const job = { backoffLimit: 2, template: { spec: pod }, ...jobSpec };
  return {
    ...{ kind: "cronjobs", apiVersion: "batch/v1", objectKind: "CronJob" },
    ...{ namespace: "data", name, createdAt },
    body: {
      spec: {
        schedule: "0 3 * * *",
        concurrencyPolicy: "Allow",
        jobTemplate: { metadata: { labels: { app: name } }, spec: job },
        ...spec,
      },
      status: {},
    },
  };
}
