import { describe, expect, it } from "vitest";
import type { JsonObject } from "#domain/json.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { tokens } from "../../support/tokens.ts";

const etl = { release: "customer-etl", namespace: "data" };

/** A world in which every revision was given these values. */
const given = (values: JsonObject) =>
  withCluster(({ releases }) => ({
    releases: { ...releases, content: async () => ({ manifest: "", values }) },
  }));

describe("helm_get_values", () => {
  it("shows what the user gave", async () => {
    const { call } = await connect();
    const { text } = await call("helm_get_values", etl);
    expect(text).toMatchInlineSnapshot(`
      "Values given by the user of release customer-etl in namespace data, revision 7:
      <untrusted source="helm values">
      image:
        repository: registry.example.com/data/customer-etl
        tag: v2.3.1
      replicaCount: 3
      resources:
        requests:
          cpu: 250m
          memory: 256Mi
        limits:
          memory: 512Mi
      config:
        max_connections: "50"
        acquire_timeout_seconds: "30"
        batch_size: "500"
        source: legacy-crm
        log_level: info
      </untrusted>"
    `);
  });

  it("shows another scenario's, of an earlier revision, with the chart's defaults", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const args = { release: "checkout", namespace: "shop", revision: 4, all: true };
    const { text } = await call("helm_get_values", args);
    expect(text).toMatchInlineSnapshot(`
      "All values of release checkout in namespace shop, revision 4:
      <untrusted source="helm values">
      nameOverride: ""
      podAnnotations: {}
      revisionHistoryLimit: 10
      service:
        type: ClusterIP
        port: 80
        targetPort: 8080
      image:
        repository: registry.example.com/shop/checkout
        tag: v4.11.0
      replicaCount: 4
      resources:
        requests:
          cpu: 250m
          memory: 256Mi
        limits:
          memory: 512Mi
      config:
        payment_timeout_seconds: "8"
        currency: EUR
        log_level: info
      </untrusted>"
    `);
  });

  it("masks secrets by name, by shape, and below what is named like one", async () => {
    const secret = "vLqz81xx";
    const world = given({
      database: { password: secret, url: `postgres://etl:${secret}@db/etl` },
      secrets: { signing: secret, list: [secret], count: 7, existingName: "etl-signing" },
      env: [{ name: "API_TOKEN", value: secret }],
      key: `ghp_${"a".repeat(36)}`,
      replicas: 2,
    });
    const { call } = await connect({ world });
    const { text, value } = await call("helm_get_values", etl);
    expect(JSON.stringify(value) + text).not.toContain(secret);
    expect(JSON.stringify(value) + text).not.toContain("ghp_");
    expect(value.yaml).toContain("replicas: 2");
    expect(value.yaml).toContain("existingName: etl-signing");
  });

  it("stays short, and shows one part when asked", async () => {
    const lines = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`setting-${index}`, `value number ${index}`]),
    );
    const { call } = await connect({ world: given({ big: lines, small: { on: true } }) });
    const { text, value } = await call("helm_get_values", etl);
    expect(text).toMatch(/\d+ lines left out: name one part with key\. Keys here: "big, small"\./);
    expect(tokens(text)).toBeLessThan(2_000);
    expect(tokens(value)).toBeLessThan(2_000);
    const part = await call("helm_get_values", { ...etl, key: "small.on" });
    expect(part.value).toMatchObject({ yaml: "true", left_out_lines: 0 });
    const none = await call("helm_get_values", { ...etl, key: "smal" });
    expect(none.text).toBe('not_found: There is no key "smal".\nKeys there: small.');
  });

  it("says that the user gave none", async () => {
    const { call } = await connect({ world: given({}) });
    const { text } = await call("helm_get_values", etl);
    expect(text).toContain("The user gave none: set all to see the chart's defaults.");
  });

  it("refuses bad input and names what there is", async () => {
    const { call } = await connect();
    const said = async (args: object) => (await call("helm_get_values", { ...etl, ...args })).text;
    expect(await said({ revision: 99 })).toBe(
      "not_found: There is no revision 99.\nThere are 7, 6, 5, 4, 3, 2, 1.",
    );
    expect(await said({ revision: 0 })).toMatch(/^invalid_input: revision: /);
    expect(await said({ release: "custmer-etl" })).toContain("Close names: customer-etl");
    expect(await said({ release: "--all" })).toMatch(/^invalid_input: release: /);
  });
});
