import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { withObjects, withoutRights } from "../../support/changed-cluster.ts";
import { connect } from "../../support/connect.ts";
import {
  container,
  deployment,
  event,
  ownedBy,
  pod,
  replicaSet,
  terminated,
  waiting,
} from "../../support/objects.ts";

const loader = { name: "loader", namespace: "data" };

/** A deployment whose new pods die of their memory limit. */
const stuck = withObjects({
  deployments: [deployment("loader", { status: { updatedReplicas: 1, availableReplicas: 1 } })],
  replicasets: [replicaSet("loader", 2, 1), replicaSet("loader", 1, 1)],
  pods: Array.from({ length: 7 }, (_, index) =>
    pod(`loader-2-${index}`, {
      metadata: ownedBy("ReplicaSet", "loader-2"),
      containers: [
        container(waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container"), {
          restartCount: 6,
          lastState: terminated(137, "OOMKilled"),
        }),
      ],
    }),
  ),
  events: [event("Pod/loader-2-0", "BackOff", { count: 9, message: "Back-off restarting" })],
});

describe("kubectl_rollout_status", () => {
  it("says that a rollout is done", async () => {
    const { call } = await connect();
    const { text, value } = await call("kubectl_rollout_status", {
      name: "customer-etl",
      namespace: "data",
    });
    expect(text).toMatchInlineSnapshot(`
      "Deployment customer-etl in namespace data: rollout done. All 3 replicas run the current template; 3 available.
      3 desired, 3 updated, 3 ready, 3 available.
      ReplicaSets:
      | name | revision | ready | images |
      |---|---|---|---|
      | customer-etl-46f57gb274 | 7 | 3/3 | registry.example.com/data/customer-etl:v2.3.1 |
      There is nothing to wait for."
    `);
    expect(value).toMatchObject({ state: "done", desired: 3, updated: 3, available: 3 });
  });

  it("says what holds up a rollout whose pods crash", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text, value } = await call("kubectl_rollout_status", {
      name: "checkout",
      namespace: "shop",
    });
    expect(text).toMatchInlineSnapshot(`
      "Deployment checkout in namespace shop: rollout stuck. 4 of 4 pods of the current template: CrashLoopBackOff (last exit 137 OOMKilled). 0 of 4 replicas are available.
      4 desired, 4 updated, 0 ready, 0 available.
      Pods that are not well:
      | name | status | ready | restarts | last exit | age | message |
      |---|---|---|---|---|---|---|
      | checkout-f5627b5bbd-686zc | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 3m 45s ago | 17m 30s | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-686zc_shop(16585c9e-6cdc-e1f9-d241-fe30879043a1)" |
      | checkout-f5627b5bbd-f57kd | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 4m 22s ago | 17m 58s | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-f57kd_shop(78a1fec6-7b90-0533-167d-e698dd7bd605)" |
      | checkout-f5627b5bbd-vzmj6 | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 4m 38s ago | 17m 44s | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-vzmj6_shop(5974f8ac-6e93-bc97-9f1b-be139ab9b577)" |
      | checkout-f5627b5bbd-wjf8t | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 3m 57s ago | 17m 16s | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-wjf8t_shop(b05665b8-9aa6-d2db-5a6f-94597d5e049c)" |
      ReplicaSets:
      | name | revision | ready | images |
      |---|---|---|---|
      | checkout-f5627b5bbd | 5 | 0/4 | registry.example.com/shop/checkout:v4.12.0 |
      Warnings:
      | last seen | count | reason | object | message |
      |---|---|---|---|---|
      | 3m 45s ago | 6 | BackOff | Pod/checkout-f5627b5bbd-686zc | "Back-off restarting failed container checkout in pod checkout-f5627b5bbd-686zc_shop(16585c9e-6cdc-e1f9-d241-fe30879043a1)" |
      | 3m 57s ago | 6 | BackOff | Pod/checkout-f5627b5bbd-wjf8t | "Back-off restarting failed container checkout in pod checkout-f5627b5bbd-wjf8t_shop(b05665b8-9aa6-d2db-5a6f-94597d5e049c)" |
      | 4m 22s ago | 6 | BackOff | Pod/checkout-f5627b5bbd-f57kd | "Back-off restarting failed container checkout in pod checkout-f5627b5bbd-f57kd_shop(78a1fec6-7b90-0533-167d-e698dd7bd605)" |
      | 4m 38s ago | 6 | BackOff | Pod/checkout-f5627b5bbd-vzmj6 | "Back-off restarting failed container checkout in pod checkout-f5627b5bbd-vzmj6_shop(5974f8ac-6e93-bc97-9f1b-be139ab9b577)" |
      Waiting will not help. Read the logs of a failing pod, compare with an earlier revision (helm_history), then fix or roll back."
    `);
    expect(value).toMatchObject({ state: "stuck" });
    expect(encode(text).length).toBeLessThan(2_000);
    expect(encode(JSON.stringify(value)).length).toBeLessThan(2_000);
  });

  it("says why one is stuck, with evidence and what was left out", async () => {
    const { call } = await connect({ world: stuck });
    const { text, value } = await call("kubectl_rollout_status", loader);
    expect(text).toMatchInlineSnapshot(`
      "Deployment loader in namespace data: rollout stuck. 7 of 7 pods of the current template: CrashLoopBackOff (last exit 137 OOMKilled). 1 of 2 replicas run the new template.
      2 desired, 1 updated, 2 ready, 1 available.
      Pods that are not well (2 more; kubectl_get lists them):
      | name | status | ready | restarts | last exit | age | message |
      |---|---|---|---|---|---|---|
      | loader-2-0 | CrashLoopBackOff | 0/1 | 6 | 137 OOMKilled 25m 33s ago | 3h 22m | "back-off 5m0s restarting failed container" |
      | loader-2-1 | CrashLoopBackOff | 0/1 | 6 | 137 OOMKilled 25m 33s ago | 3h 22m | "back-off 5m0s restarting failed container" |
      | loader-2-2 | CrashLoopBackOff | 0/1 | 6 | 137 OOMKilled 25m 33s ago | 3h 22m | "back-off 5m0s restarting failed container" |
      | loader-2-3 | CrashLoopBackOff | 0/1 | 6 | 137 OOMKilled 25m 33s ago | 3h 22m | "back-off 5m0s restarting failed container" |
      | loader-2-4 | CrashLoopBackOff | 0/1 | 6 | 137 OOMKilled 25m 33s ago | 3h 22m | "back-off 5m0s restarting failed container" |
      ReplicaSets:
      | name | revision | ready | images |
      |---|---|---|---|
      | loader-2 | 2 | 1/1 |  |
      | loader-1 | 1 | 1/1 |  |
      Warnings:
      | last seen | count | reason | object | message |
      |---|---|---|---|---|
      | 23m 33s ago | 9 | BackOff | Pod/loader-2-0 | "Back-off restarting" |
      Waiting will not help. Read the logs of a failing pod, compare with an earlier revision (helm_history), then fix or roll back."
    `);
    expect(value).toMatchObject({ state: "stuck", pods_left_out: 2 });
  });

  it("says what may have been meant by a name that is not there", async () => {
    const { call } = await connect();
    const missing = async (args: object) =>
      (await call("kubectl_rollout_status", { name: "customer-etl", ...args })).text;
    expect(await missing({})).toBe(
      "not_found: There is no deployment customer-etl in namespace default.\nIt is in namespace data.",
    );
    expect(await missing({ namespace: "data", resource_type: "statefulset" })).toBe(
      "not_found: There is no statefulset customer-etl in namespace data.\nThere are no statefulsets to be seen in namespace data.",
    );
  });

  it("does without events when these credentials may not see them", async () => {
    const { call } = await connect({ world: withoutRights("events") });
    const { value } = await call("kubectl_rollout_status", {
      name: "customer-etl",
      namespace: "data",
    });
    expect(value).toMatchObject({ state: "done", events: [] });
  });

  it("refuses bad input", async () => {
    const { call } = await connect();
    const refusal = async (args: Record<string, unknown>) =>
      (await call("kubectl_rollout_status", args)).text;
    expect(await refusal({})).toMatch(/^invalid_input: name: /);
    expect(await refusal({ name: "--watch" })).toMatch(/^invalid_input: name: /);
    expect(await refusal({ name: "a", resource_type: "jobs" })).toMatch(
      /^invalid_input: resource_type: /,
    );
  });

  it("is told that a namespace is outside what is allowed", async () => {
    const { call } = await connect({ settings: { namespaces: ["default"] } });
    const { text } = await call("kubectl_rollout_status", loader);
    expect(text).toMatch(/^not_allowed: Namespace data is outside --namespaces\./);
  });
});
