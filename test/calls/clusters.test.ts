import { expect, test } from "vitest";
import type { World } from "#ports/index.ts";
import { approve } from "../support/approve.ts";
import { connect } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };

/** The same cluster under two names, as two contexts would be. */
function twoClusters(world: World): World {
  const { clusters } = world;
  if (!clusters) throw new Error("the world has no cluster");
  return {
    ...world,
    clusters: { ...clusters, names: ["staging", "prod"], open: () => clusters.open("sandbox") },
  };
}

test("with several clusters a tool takes which, and the first is the default", async () => {
  const server = await connect({ world: twoClusters });
  const tools = await server.listTools();
  const rollback = tools.find(({ name }) => name === "helm_rollback");
  expect(rollback?.inputSchema.properties).toMatchObject({
    cluster: { enum: ["staging", "prod"] },
  });
  const planned = await server.call("helm_rollback", target);
  expect(planned.value).toMatchObject({ plan: { target: { cluster: "staging" } } });
  expect(planned.text).toContain("in cluster staging");
});

test("an approval for one cluster does not serve another", async () => {
  const server = await connect({ world: twoClusters });
  const { code } = (await server.call("helm_rollback", { ...target, cluster: "staging" })).value;
  await approve(server, code);
  const elsewhere = { ...target, cluster: "prod", approval_code: code };
  expect((await server.call("helm_rollback", elsewhere)).text).toMatch(/^approval_mismatch/);
});

test("a policy rule for one cluster does not let another go alone", async () => {
  const policy = `version: 1
rules:
  - name: staging alone
    clusters: [staging]
    tools: [helm_rollback]
    arguments: { release: { equals: customer-etl }, revision: { equals: 0 } }
    decision: automatic
`;
  const server = await connect({ world: twoClusters, policy });
  const prod = await server.call("helm_rollback", { ...target, cluster: "prod" });
  expect(prod.value.status).toBe("approval_required");
  const staging = await server.call("helm_rollback", { ...target, cluster: "staging" });
  expect(staging.value.status).toBe("applied");
});

test("a cluster that is not offered is refused, with those that are", async () => {
  const server = await connect({ world: twoClusters });
  const refused = await server.call("helm_history", { ...target, cluster: "production" });
  expect(refused.text).toMatch(/^not_allowed/);
  expect(refused.text).toContain("staging, prod");
});
