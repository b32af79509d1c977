import { trailing } from "#domain/window.ts";
import { openSandbox, signal } from "../sandbox/open.ts";
import { alarmsContract } from "./alarms.contract.ts";
import { changesContract } from "./changes.contract.ts";
import { clockContract } from "./clock.contract.ts";
import { interventionsContract } from "./interventions.contract.ts";
import { logsContract } from "./logs.contract.ts";
import { metricsContract } from "./metrics.contract.ts";
import { podLogsContract } from "./pod-logs.contract.ts";
import { releasesContract } from "./releases.contract.ts";
import { servedKindsContract } from "./served-kinds.contract.ts";
import { workloadsContract } from "./workloads.contract.ts";

const open = () => openSandbox({ scenario: "customer-etl" });
const etl = { namespace: "data", name: "customer-etl" };

alarmsContract("sandbox", async () => {
  const { alarms, clock } = await open();
  const child = "customer-etl-failure-rate";
  const composite = { name: "customer-data-delivery", child };
  return { alarms, now: clock.now(), ringing: child, composite };
});

metricsContract("sandbox", async () => {
  const { metrics, clock } = await open();
  const dimensions = { Pipeline: etl.name };
  const known = { namespace: "Data/Pipelines", name: "FailureRate", dimensions };
  return { metrics, known, window: trailing(clock.now(), 30) };
});

logsContract("sandbox", async () => {
  const { logs, clock } = await open();
  const fed = { namespace: "Data/Logs", name: "customer-etl-errors", dimensions: {} };
  const window = trailing(clock.now(), 10);
  return { logs, group: "/data/customer-etl", window, term: "ERROR", fed };
});

workloadsContract("sandbox", async () => {
  const { workloads, clock } = await open();
  return {
    workloads,
    now: clock.now(),
    namespace: etl.namespace,
    deployment: etl.name,
    configMap: "customer-etl-config",
    secret: "customer-etl-db",
  };
});

changesContract("sandbox", async () => {
  const { workloads } = await openSandbox({ scenario: "checkout-memory" });
  return { workloads, namespace: "shop", deployment: "catalogue", autoscaler: "catalogue" };
});

interventionsContract("sandbox", async () => {
  const budgets = { "reporting-sync": 2 };
  const { workloads } = await openSandbox({ scenario: "customer-etl", overrides: { budgets } });
  return {
    ...{ workloads, namespace: etl.namespace, node: "node-a", service: etl.name },
    ...{ deployment: etl.name, guarded: "reporting-sync" },
  };
});

podLogsContract("sandbox", async () => {
  const { workloads } = await openSandbox({ scenario: "checkout-memory" });
  const namespace = "shop";
  const { items } = await workloads.list({ kind: "pods", namespace, limit: 100 }, signal);
  const podOf = (app: string) =>
    items.find(({ metadata }) => metadata.name.startsWith(app))?.metadata.name ?? "";
  const restarted = { pod: podOf("checkout"), container: "checkout" };
  return { workloads, namespace, pod: podOf("catalogue"), container: "catalogue", restarted };
});

servedKindsContract("sandbox", async () => {
  const { workloads } = await open();
  const names = { configMap: "customer-etl-config", secret: "customer-etl-db" };
  return { workloads, namespace: etl.namespace, ...names };
});

releasesContract("sandbox", async () => {
  const { releases } = await open();
  return { releases, release: etl, earlier: 6 };
});

clockContract("sandbox", async () => ({ clock: (await open()).clock }));
