import { trailing } from "#domain/window.ts";
import { alarmsContract } from "../../ports/alarms.contract.ts";
import { logsContract } from "../../ports/logs.contract.ts";
import { metricsContract } from "../../ports/metrics.contract.ts";
import { seedIncident } from "../backends/aws/seed.ts";
import { openRegion } from "./region.ts";

const scenario = "customer-etl";
const child = "customer-etl-failure-rate";

alarmsContract("CloudWatch", async () => {
  const now = new Date();
  const { backend, alarms } = await openRegion("eu-west-2");
  await seedIncident(backend, { region: "eu-west-2", scenario, now });
  const composite = { name: "customer-data-delivery", child };
  return { alarms, now, ringing: child, composite };
});

metricsContract("CloudWatch", async () => {
  const now = new Date();
  const { backend, metrics } = await openRegion("eu-west-3");
  await seedIncident(backend, { region: "eu-west-3", scenario, now });
  const dimensions = { Pipeline: "customer-etl" };
  const known = { namespace: "Data/Pipelines", name: "FailureRate", dimensions };
  return { metrics, known, window: trailing(now, 30) };
});

logsContract("CloudWatch", async () => {
  const now = new Date();
  const { backend, logs } = await openRegion("eu-central-1");
  await seedIncident(backend, { region: "eu-central-1", scenario, now });
  const fed = { namespace: "Data/Logs", name: "customer-etl-errors", dimensions: {} };
  const window = trailing(now, 10);
  return { logs, group: "/data/customer-etl", window, term: "ERROR", fed };
});
