import { expect, test } from "vitest";
import { runbookFolder } from "#adapters/files/runbooks.ts";
import { signsShown } from "#domain/runbooks/match.ts";
import { searchRunbooks } from "#domain/runbooks/search.ts";

const runbooks = await runbookFolder("runbooks").list();
const first = (signals: Parameters<typeof signsShown>[1], query?: string) =>
  searchRunbooks(runbooks, signals, query)[0]?.runbook.slug;

test.each([
  [
    "ERROR Timed out after 30000 ms waiting for a connection from the pool",
    "connection-pool-exhaustion",
  ],
  [
    "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
    "connection-pool-exhaustion",
  ],
  ["QueuePool limit of size 5 overflow 10 reached", "connection-pool-exhaustion"],
  ["FATAL: sorry, too many clients already", "database-connections"],
  ["java.lang.OutOfMemoryError: Java heap space", "oomkilled"],
  ['Failed to pull image "shop/checkout:v9": manifest unknown', "image-pull-failure"],
  ['GET /cart "HTTP/1.1" status=503 upstream connect error', "http-5xx-after-release"],
  ["Readiness probe failed: HTTP probe failed with statuscode: 404", "failed-rollout"],
  ["Task load_customers failed and gave up after 3 attempts", "pipeline-failure-rate"],
])("the log line %s leads to %s", (logLine, slug) => {
  expect(first({ logLine })).toBe(slug);
});

test.each([
  ["OOMKilled", "oomkilled"],
  ["crashloopbackoff", "crashloopbackoff"],
  ["ImagePullBackOff", "image-pull-failure"],
  ["ProgressDeadlineExceeded", "failed-rollout"],
])("the reason %s leads to %s", (reason, slug) => {
  expect(first({ reason })).toBe(slug);
});

test.each([
  ["customer-etl-failure-rate", "pipeline-failure-rate"],
  ["checkout-5xx", "http-5xx-after-release"],
  ["orders-rds-connections-high", "database-connections"],
])("the alarm %s leads to %s", (alarmName, slug) => {
  expect(first({ alarmName })).toBe(slug);
});

test.each([
  ["connections exhausted in pool", "connection-pool-exhaustion"],
  ["pods keep restarting, out of memory", "oomkilled"],
  ["502 since the deployment", "http-5xx-after-release"],
  ["image tag does not exist", "image-pull-failure"],
])("the words %s lead to %s", (query, slug) => {
  expect(first({}, query)).toBe(slug);
});

test("a log line that says nothing in particular matches nothing", () => {
  expect(
    searchRunbooks(runbooks, { logLine: "INFO request served in 12 ms, status=200" }, undefined),
  ).toEqual([]);
});

test("signs come before words, and each is named", () => {
  const [found] = searchRunbooks(runbooks, { reason: "OOMKilled" }, "crash loop");
  expect(found?.runbook.slug).toBe("oomkilled");
  expect(found?.because[0]).toBe("reason is like OOMKilled");
});

test("a runbook does not match while one of its conditions is known to be otherwise", () => {
  const match = {
    all: [{ alarm_namespace: "AWS/RDS" }],
    any: [{ metric: "DatabaseConnections" }, { labels: { team: "data-*" } }],
    symptoms: [],
    priority: 1,
  };
  const metric = "DatabaseConnections";
  expect(signsShown(match, { metric, alarmNamespace: "AWS/EC2" })).toEqual([]);
  expect(signsShown(match, { metric })).toEqual(["metric is like DatabaseConnections"]);
  expect(signsShown(match, { labels: { team: "data-eu" } })).toEqual([
    'labels is like {"team":"data-*"}',
  ]);
});
