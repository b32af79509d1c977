import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { readableKinds } from "#domain/kubernetes/object.ts";
import { scenarioNames } from "#sandbox/index.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { connect } from "../../support/connect.ts";
import { container, pod, terminated, waiting } from "../../support/objects.ts";

const looping = (index: number) =>
  pod(`loader-${index}`, {
    containers: [
      container(waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container"), {
        restartCount: 5,
        lastState: terminated(1, "Error"),
      }),
    ],
  });

describe("kubectl_get", () => {
  it("lists the pods of a namespace", async () => {
    const { call } = await connect();
    const { text } = await call("kubectl_get", { resource_type: "pods", namespace: "data" });
    expect(text).toMatchInlineSnapshot(`
      "11 pods in namespace data: 11 Running.
      By workload: deployment/customer-etl 3, deployment/churn-features 2, deployment/invoice-export 2, deployment/ledger-archive 2, deployment/reporting-sync 2.
      | name | status | ready | restarts | age | node |
      |---|---|---|---|---|---|
      | churn-features-6fb9b8gcd2-c5nbp | Running | 1/1 | 0 | 10d 23h | node-a |
      | churn-features-6fb9b8gcd2-cgf2g | Running | 1/1 | 0 | 11d | node-c |
      | customer-etl-46f57gb274-plx4k | Running | 1/1 | 0 | 16m 32s | node-c |
      | customer-etl-46f57gb274-t5l7t | Running | 1/1 | 0 | 16m 58s | node-a |
      | customer-etl-46f57gb274-wzzn6 | Running | 1/1 | 0 | 16m 45s | node-b |
      | invoice-export-b276gcc9cd-76hxh | Running | 1/1 | 0 | 41d | node-a |
      | invoice-export-b276gcc9cd-c7fxl | Running | 1/1 | 0 | 40d 23h | node-b |
      | ledger-archive-f87bbf84g5-kbzzg | Running | 1/1 | 0 | 87d 23h | node-c |
      | ledger-archive-f87bbf84g5-ql759 | Running | 1/1 | 0 | 88d | node-b |
      | reporting-sync-g865f62f7b-7hd8n | Running | 1/1 | 0 | 25d 23h | node-a |
      | reporting-sync-g865f62f7b-smshx | Running | 1/1 | 0 | 26d | node-c |"
    `);
  });

  it("shows what the phase of crashing pods hides", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text } = await call("kubectl_get", { resource_type: "pods", namespace: "shop" });
    expect(text).toMatchInlineSnapshot(`
      "9 pods in namespace shop: 4 CrashLoopBackOff, 5 Running.
      By workload: deployment/checkout 4 (4 not well), deployment/catalogue 3, deployment/storefront 2.
      | name | status | ready | restarts | last_exit | age | node | message |
      |---|---|---|---|---|---|---|---|
      | checkout-f5627b5bbd-686zc | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 3m 45s ago | 17m 30s | node-a | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-686zc_shop(16585c9e-6cdc-e1f9-d241-fe3087904…" |
      | checkout-f5627b5bbd-f57kd | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 4m 22s ago | 17m 58s | node-b | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-f57kd_shop(78a1fec6-7b90-0533-167d-e698dd7bd…" |
      | checkout-f5627b5bbd-vzmj6 | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 4m 38s ago | 17m 44s | node-c | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-vzmj6_shop(5974f8ac-6e93-bc97-9f1b-be139ab9b…" |
      | checkout-f5627b5bbd-wjf8t | CrashLoopBackOff | 0/1 | 5 | 137 OOMKilled 3m 57s ago | 17m 16s | node-b | "back-off 5m0s restarting failed container=checkout pod=checkout-f5627b5bbd-wjf8t_shop(b05665b8-9aa6-d2db-5a6f-94597d5e0…" |
      | catalogue-b2df44d86g-92q56 | Running | 1/1 | 0 |  | 16d 23h | node-c |  |
      | catalogue-b2df44d86g-cv454 | Running | 1/1 | 0 |  | 17d | node-a |  |
      | catalogue-b2df44d86g-s686b | Running | 1/1 | 0 |  | 16d 23h | node-b |  |
      | storefront-82gd99f25g-5pn92 | Running | 1/1 | 0 |  | 9d | node-a |  |
      | storefront-82gd99f25g-brldb | Running | 1/1 | 0 |  | 9d | node-c |  |"
    `);
  });

  it("shows one deployment in detail", async () => {
    const { call } = await connect();
    const { text, value } = await call("kubectl_get", {
      resource_type: "deploy",
      name: "customer-etl",
      namespace: "data",
    });
    expect(text).toMatchInlineSnapshot(`
      "1 deployment in namespace data: 1 Ready.
      name: customer-etl
      status: Ready
      ready: 3/3
      updated: 3
      available: 3
      revision: 7
      images: registry.example.com/data/customer-etl:v2.3.1
      age: 62d
      containers: customer-etl registry.example.com/data/customer-etl:v2.3.1 limits memory=512Mi requests cpu=250m,memory=256Mi
      reads: Secret customer-etl-db by envFrom (restart to see changes); ConfigMap customer-etl-config by volume
      strategy: RollingUpdate
      selector: "app.kubernetes.io/name=customer-etl,app.kubernetes.io/instance=customer-etl""
    `);
    expect(value).toMatchObject({ kind: "deployments", namespace: "data", left_out: 0 });
  });

  it("shows the values of one ConfigMap", async () => {
    const { call } = await connect();
    const { text } = await call("kubectl_get", {
      resource_type: "cm",
      name: "customer-etl-config",
      namespace: "data",
    });
    expect(text).toMatchInlineSnapshot(`
      "5 keys of configmap customer-etl-config in namespace data.
      max_connections (2 bytes): "50"
      acquire_timeout_seconds (2 bytes): "30"
      batch_size (3 bytes): "500"
      source (10 bytes): "legacy-crm"
      log_level (4 bytes): "info""
    `);
  });

  it.each(scenarioNames)(
    "reads every kind in %s, below 2,000 tokens in text and structure",
    async (scenario) => {
      const { call } = await connect({ scenario });
      for (const resource_type of readableKinds) {
        const answer = await call("kubectl_get", { resource_type, all_namespaces: true });
        expect(answer.failed, answer.text).toBe(false);
        expect(encode(answer.text).length).toBeLessThan(2_000);
        expect(encode(JSON.stringify(answer.value)).length).toBeLessThan(2_000);
      }
    },
  );

  it("puts the sick first and says what it left out", async () => {
    const pods = Array.from({ length: 40 }, (_, index) => looping(index));
    const { call } = await connect({ world: withObjects({ pods }) });
    const answer = await call("kubectl_get", {
      resource_type: "pods",
      namespace: "data",
      limit: 2,
    });
    expect(answer.text).toMatchInlineSnapshot(`
      "51 pods in namespace data: 40 CrashLoopBackOff, 11 Running.
      By workload: without owner 40 (40 not well), deployment/customer-etl 3, deployment/churn-features 2, deployment/invoice-export 2, deployment/ledger-archive 2, deployment/reporting-sync 2.
      | name | status | ready | restarts | last_exit | age | node | message |
      |---|---|---|---|---|---|---|---|
      | loader-0 | CrashLoopBackOff | 0/1 | 5 | 1 Error 25m 33s ago | 3h 22m | node-a | "back-off 5m0s restarting failed container" |
      | loader-1 | CrashLoopBackOff | 0/1 | 5 | 1 Error 25m 33s ago | 3h 22m | node-a | "back-off 5m0s restarting failed container" |
      2 of 51 rows shown, the sick first. Raise limit to see more."
    `);
    expect(answer.value).toMatchObject({ left_out: 49 });
  });

  it("reads thousands page by page, and goes on where it ended", async () => {
    const pods = Array.from({ length: 21_000 }, (_, index) => pod(`loader-${index}`));
    const { call } = await connect({ world: withObjects({ pods }) });
    const args = { resource_type: "po", namespace: "data", limit: 3 };
    const first = await call("kubectl_get", args);
    expect(first.text).toContain("20000 pods in namespace data");
    expect(first.text).toContain(
      "Only 20000 were read; there are 1011 more. To go on, call again with continue 20000",
    );
    const rest = await call("kubectl_get", { ...args, continue: first.value.continue });
    expect(rest.text).toContain("1011 pods in namespace data");
    expect(rest.value.continue).toBeUndefined();
  });

  it("answers that there is nothing, and where else to look", async () => {
    const { call } = await connect();
    const nothing = async (args: object) =>
      (await call("kubectl_get", { resource_type: "jobs", ...args })).text;
    expect(await nothing({})).toBe(
      "No jobs in namespace default.\nSet all_namespaces to search the others.",
    );
    expect(await nothing({ all_namespaces: true })).toBe(
      "No jobs.\nEvery namespace that may be read was searched.",
    );
    expect(await nothing({ resource_type: "pods", label_selector: "app=none" })).toBe(
      "No pods in namespace default.\nNothing matches the selector; leave it out to see what there is.",
    );
  });

  it("says what may have been meant by a name or namespace that is not there", async () => {
    const { call } = await connect();
    const missing = async (args: object) => {
      const { text, failed } = await call("kubectl_get", { resource_type: "deploy", ...args });
      expect(failed).toBe(true);
      return text;
    };
    expect(await missing({ name: "customer-etl" })).toBe(
      "not_found: There is no deployment customer-etl in namespace default.\nIt is in namespace data.",
    );
    expect(await missing({ name: "customer-elt", namespace: "data" })).toBe(
      "not_found: There is no deployment customer-elt in namespace data.\nClose names: customer-etl.",
    );
    expect(await missing({ namespace: "dta" })).toBe(
      "not_found: There is no namespace dta.\nClose names: data.",
    );
  });
});
