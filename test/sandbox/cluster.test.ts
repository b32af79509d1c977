import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { scenarioNames } from "#sandbox/index.ts";
import { objects, patch, restart, rollback, scale } from "./observe.ts";
import { openSandbox, pass, signal } from "./open.ts";
import { deploymentSchema, expectOneStory, podSchema } from "./pod-story.ts";

describe("events match pod histories", () => {
  it.each(scenarioNames.flatMap((name) => [1, 4].map((seed) => [name, seed] as const)))(
    "in %s, seed %i, as time passes",
    async (scenario, seed) => {
      const sandbox = await openSandbox({ scenario, seed });
      for (const minutes of [0, 0.3, 1, 4, 11]) {
        await pass(sandbox.world, minutes);
        await expectOneStory(sandbox);
      }
    },
  );

  it("in the middle of rollouts that overtake each other", async () => {
    const sandbox = await openSandbox({ scenario: "checkout-memory" });
    await restart(sandbox, "shop", "checkout");
    await expectOneStory(sandbox);
    await pass(sandbox.world, 0.3);
    await expectOneStory(sandbox);
    await scale(sandbox, "shop", "checkout", 6);
    await pass(sandbox.world, 0.2);
    await expectOneStory(sandbox);
    await rollback(sandbox, "shop", "checkout", 4);
    await expectOneStory(sandbox);
    await scale(sandbox, "shop", "checkout", 0);
    await pass(sandbox.world, 0.1);
    await expectOneStory(sandbox);
    expect(await objects(sandbox, "pods", "shop")).toHaveLength(5);
  });

  it("tell why a container ended", async () => {
    const sandbox = await openSandbox({ scenario: "checkout-memory" });
    const pods = (await objects(sandbox, "pods", "shop")).map((pod) => podSchema.parse(pod));
    const ended = pods.flatMap((pod) => pod.status.containerStatuses[0].lastState.terminated ?? []);
    expect(ended).toHaveLength(4);
    expect(new Set(ended.map((end) => `${end.exitCode} ${end.reason}`))).toEqual(
      new Set(["137 OOMKilled"]),
    );
  });
});

describe("releases", () => {
  it.each(scenarioNames)(
    "in %s: the newest manifest is what the cluster shows",
    async (scenario) => {
      const sandbox = await openSandbox({ scenario });
      for (const release of await sandbox.releases.list({}, signal)) {
        const { manifest } = await sandbox.releases.content(release, release.revision, signal);
        const documents = parseAllDocuments(manifest).map((document) => document.toJS());
        const rendered = documents.find((one) => one.kind === "Deployment");
        const ref = {
          kind: "deployments",
          namespace: release.namespace,
          name: release.name,
        } as const;
        const live = deploymentSchema.parse(await sandbox.workloads.get(ref, signal));
        expect(live.spec.template.spec).toEqual(rendered.spec.template.spec);
        expect(live.spec.replicas).toBe(rendered.spec.replicas);
      }
    },
  );

  it("a rollback takes back drift, and leaves what the chart does not know", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    const config = "customer-etl-config";
    await patch(sandbox, "data", config, { max_connections: "200", note: "mine" });
    await scale(sandbox, "data", "customer-etl", 5);
    await restart(sandbox, "data", "customer-etl");
    await rollback(sandbox, "data", "customer-etl", 6);
    const ref = { kind: "configmaps", namespace: "data", name: config } as const;
    expect(await sandbox.workloads.get(ref, signal)).toMatchObject({
      data: { max_connections: "50", note: "mine" },
    });
    const deployment = { ...ref, kind: "deployments", name: "customer-etl" } as const;
    expect(await sandbox.workloads.get(deployment, signal)).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          metadata: {
            annotations: { "kubectl.kubernetes.io/restartedAt": "2026-04-25T14:22:33Z" },
          },
        },
      },
    });
  });

  it("a rollback to what cannot start fails, and the old pods go on", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    await expect(rollback(sandbox, "data", "customer-etl", 4)).rejects.toMatchObject({
      code: "timed_out",
    });
    const [made] = await sandbox.releases.history(
      { namespace: "data", name: "customer-etl" },
      signal,
    );
    expect(made).toMatchObject({ revision: 8, status: "failed" });
    const pods = (await objects(sandbox, "pods", "data"))
      .filter(({ metadata }) => metadata.name.startsWith("customer-etl-"))
      .map((pod) => podSchema.parse(pod).status.containerStatuses[0]);
    expect(pods.filter((container) => container.ready)).toHaveLength(3);
    expect(pods.map((container) => container.state.waiting?.reason)).toContain("ImagePullBackOff");
  });

  it("refuses a second operation while one is in progress", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    const effect = {
      type: "rollback",
      namespace: "data",
      release: "customer-etl",
      revision: 6,
      timeout_seconds: 300,
    };
    await sandbox.journal.append(sandbox.clock.now(), effect);
    await sandbox.world.refresh?.();
    await expect(rollback(sandbox, "data", "customer-etl", 5)).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("a paused deployment", () => {
  it("refuses a restart", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    await expect(restart(sandbox, "data", "ledger-archive")).rejects.toMatchObject({
      code: "refused",
    });
  });
});
