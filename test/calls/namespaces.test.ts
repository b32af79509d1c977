import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import type { World } from "#ports/index.ts";
import { withCluster } from "../support/cluster.ts";
import { connect } from "../support/connect.ts";

/** A cluster whose account has rights in namespaces alone, as `deploy/rbac/namespace.yaml` gives them. */
function namespacedRights(world: World): World {
  const denied = () => new OpsError("access_denied", "Not across namespaces.", "Grant it.");
  return withCluster(({ workloads, releases }) => ({
    workloads: {
      ...workloads,
      list: async (query, signal) => {
        if (query.namespace === undefined) throw denied();
        return workloads.list(query, signal);
      },
    },
    releases: {
      ...releases,
      list: async (filter, signal) => {
        if (filter.namespace === undefined) throw denied();
        return releases.list(filter, signal);
      },
    },
  }))(world);
}

const all = { resource_type: "deployments", all_namespaces: true };

test("all namespaces are those of --namespaces, asked one by one", async () => {
  const settings = { namespaces: ["data", "kube-system"] };
  const { call } = await connect({ world: namespacedRights, settings });
  const { failed, value } = await call("kubectl_get", all);
  expect(failed).toBe(false);
  const wide = await (await connect({ settings })).call("kubectl_get", all);
  expect(value).toEqual(wide.value);
});

test("a release that is missing names those that are alike in them", async () => {
  const { call } = await connect({ world: namespacedRights, settings: { namespaces: ["data"] } });
  const { text } = await call("helm_history", { release: "customer-elt", namespace: "data" });
  expect(text).toMatch(/^not_found: /);
  expect(text).toContain("customer-etl");
});

test("namespaces known only by a pattern are asked for at once", async () => {
  const settings = { namespaces: ["dat*"] };
  const { call } = await connect({ world: namespacedRights, settings });
  expect((await call("kubectl_get", all)).text).toMatch(/^access_denied: /);
  expect((await (await connect({ settings })).call("kubectl_get", all)).failed).toBe(false);
});
