import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { catalogue } from "#tools/index.ts";
import { connect } from "../../support/connect.ts";
import { BEHAVES } from "../backends/kubernetes/stages.ts";
import { cluster, liveClusters } from "./cluster.ts";

const namespace = "first-five";
const where = ["--namespace", namespace];

function deployment(name: string, image: string, annotations: object = {}) {
  const labels = { app: name };
  const container = {
    name: "app",
    image,
    resources: { requests: { cpu: "10m" } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers: [container] } },
    },
  };
}

const budget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "steady" },
  spec: { minAvailable: 2, selector: { matchLabels: { app: "steady" } } },
};

const create = (object: object) =>
  cluster().kubectl(["create", "-f", "-", ...where], JSON.stringify(object));

async function server() {
  const clusters = await liveClusters(4);
  const now = () => new Date();
  return connect({ world: (world) => ({ ...world, clock: { ...world.clock, now }, clusters }) });
}

beforeAll(async () => {
  await cluster().kubectl(["create", "namespace", namespace]);
  await create(deployment("leaky", "example/app:1", { [BEHAVES]: "oom" }));
  await create(deployment("typo", "example/does-not-exist:1"));
  await create(deployment("steady", "example/app:1"));
  await create(budget);
});
afterAll(() => cluster().kubectl(["delete", "namespace", namespace, "--wait=false"]));

it("names what is sick in a namespace, by reason and workload", async () => {
  const { call } = await server();
  await vi.waitFor(
    async () => {
      const { text, value } = await call("diagnose_cluster", { namespace });
      expect(value).toMatchObject({
        place: "workload",
        api: { ready: true, failing: [] },
        pods: { total: 6, abnormal: 4 },
        budgets_without_allowance: [`${namespace}/steady`],
        by_namespace: [{ name: namespace, pods: 4 }],
        unread: [],
      });
      expect(text).toContain(
        `- 2 × CrashLoopBackOff, last exit 137 OOMKilled: Deployment ${namespace}/leaky`,
      );
      expect(text).toContain(`- 2 × ImagePullBackOff: Deployment ${namespace}/typo`);
      expect(text).toMatch(new RegExp(`BackOff Deployment ${namespace}/leaky, .* ago: `));
      expect(text).toMatch(new RegExp(`Newest rollouts: .*Deployment ${namespace}/`));
    },
    { timeout: 60_000, interval: 500 },
  );
});

it("answers for the whole cluster in a few hundred tokens, with calls that go on", async () => {
  const { call } = await server();
  const { text, value } = await call("diagnose_cluster");
  expect(text).toMatch(/^At .*: \d+ of \d+ pods abnormal\. /);
  expect(text).toMatch(/API server v1\.\d+\.\d+\S*: ready, answered in \d+ ms\./);
  expect(encode(text).length).toBeLessThan(800);
  const next = Array.isArray(value.next) ? value.next : [];
  expect(next.length).toBeGreaterThan(0);
  for (const { tool, args } of next) {
    expect(catalogue.get(tool)?.kind).toBe("query");
    expect((await call(tool, args)).failed).toBe(false);
  }
});
