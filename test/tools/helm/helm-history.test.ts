import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";

const release = { release: "customer-etl", namespace: "data" };

test("revisions come newest first, each with whether it was healthy and why", async () => {
  const { call } = await connect();
  const { text, value } = await call("helm_history", release);
  expect(text).toMatchInlineSnapshot(`
    "Release customer-etl in namespace data, newest revision first:
    | revision | status | healthy | chart | app | updated | description |
    |---|---|---|---|---|---|---|
    | 7 | deployed | yes: deployed; 1 workload well now | customer-etl-2.3.1 | v2.3.1 | 2026-04-25T14:05:35Z | "Upgrade complete" |
    | 6 | superseded | yes: superseded | customer-etl-2.3.0 | v2.3.0 | 2026-04-19T14:22:33Z | "Upgrade complete" |
    | 5 | superseded | yes: superseded | customer-etl-2.2.2 | v2.2.2 | 2026-04-05T19:10:33Z | "Upgrade complete" |
    | 4 | failed | no: status failed | customer-etl-2.2.1 | v2.2.1 | 2026-04-05T14:22:33Z | "Upgrade \\"customer-etl\\" failed: context deadline exceeded" |
    | 3 | superseded | yes: superseded | customer-etl-2.2.0 | v2.2.0 | 2026-03-23T14:22:33Z | "Upgrade complete" |
    | 2 | superseded | yes: superseded | customer-etl-2.1.1 | v2.1.1 | 2026-03-08T14:22:33Z | "Upgrade complete" |
    | 1 | superseded | yes: superseded | customer-etl-2.1.0 | v2.1.0 | 2026-02-22T14:22:33Z | "Install complete" |
    Healthy means deployed or superseded, not contradicted by a verification or, for the current one, by its workloads. It says nothing about alarms."
  `);
  expect(value.untrusted_fields).toEqual(["revisions[].description"]);
});

test("a short limit says what it left out", async () => {
  const { call } = await connect();
  const { text, value } = await call("helm_history", { ...release, limit: 2 });
  expect(value).toMatchObject({ revisions: [{ revision: 7 }, { revision: 6 }], left_out: 5 });
  expect(text).toContain("5 older left out; raise limit to see them.");
});

test("workloads that are not well speak against the current revision alone", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, get: async () => undefined },
  }));
  const { call } = await connect({ world });
  const { value } = await call("helm_history", { ...release, limit: 2 });
  expect(value).toMatchObject({
    revisions: [
      { healthy: false, healthy_why: "deployed, but deployment/customer-etl does not exist" },
      { healthy: true, healthy_why: "superseded" },
    ],
  });
});

test("a current revision whose pods crash is not called healthy", async () => {
  const { call } = await connect({ scenario: "checkout-memory" });
  const { value } = await call("helm_history", { release: "checkout", namespace: "shop" });
  const said = "deployed, but its check failed: deployment/checkout: rollout done (stuck: 4 of 4";
  const first = { healthy: false, healthy_why: expect.stringContaining(said) };
  expect(value.revisions).toEqual(
    expect.arrayContaining([expect.objectContaining({ revision: 5, ...first })]),
  );
});

test("workloads that may not be read leave the judgement to the history, and it says so", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get() {
        throw new OpsError("access_denied", "forbidden", "Ask for the right to get deployments.");
      },
    },
  }));
  const { call } = await connect({ world });
  const { value } = await call("helm_history", { ...release, limit: 1 });
  expect(value).toMatchObject({
    revisions: [
      { healthy: true, healthy_why: "deployed; its workloads could not be read (access_denied)" },
    ],
  });
});

test.each([
  ["an unknown release", { release: "custmer-etl" }, "Close names: customer-etl (namespace data)."],
  ["a limit of zero", { limit: 0 }, "invalid_input"],
  ["an empty name", { release: "" }, "invalid_input"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect();
  const { text, failed } = await call("helm_history", { ...release, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
