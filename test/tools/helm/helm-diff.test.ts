import { describe, expect, it } from "vitest";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { tokens } from "../../support/tokens.ts";

const etl = { release: "customer-etl", namespace: "data" };

/** A world in which a revision's manifest is made from its number. */
const rendering = (manifest: (revision: number) => string) =>
  withCluster(({ releases }) => ({
    releases: {
      ...releases,
      content: async (_release, revision) => ({ manifest: manifest(revision), values: {} }),
    },
  }));

const secretAndEnv = (revision: number) => `
apiVersion: v1
kind: Secret
metadata: { name: keys }
data: { signing: c2VjcmV0LW51bWJlci0${revision} }
stringData: { plain: open-${revision} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { helm.sh/chart: web-${revision} } }
spec:
  template:
    metadata: { annotations: { checksum/config: sum-${revision} } }
    spec:
      containers:
        - name: app
          image: web:${revision}
          env:
            - { name: DB_PASSWORD, value: hidden-${revision} }
            - { name: MODE, value: mode-${revision} }
`;

describe("helm_diff", () => {
  it("compares the current revision with the one before", async () => {
    const { call } = await connect();
    const { text } = await call("helm_diff", etl);
    expect(text).toMatchInlineSnapshot(`
      "Release customer-etl in namespace data, revision 6 (customer-etl-2.3.0, app v2.3.0, superseded, 2026-04-19T14:22:33Z) → 7 (customer-etl-2.3.1, app v2.3.1, deployed, 2026-04-25T14:05:35Z).
      <untrusted source="helm diff">
      Values given by the user
        image.tag: v2.3.0 → v2.3.1
      Deployment customer-etl
        spec.template.spec.containers[customer-etl].image: registry.example.com/data/customer-etl:v2.3.0 → registry.example.com/data/customer-etl:v2.3.1
      </untrusted>
      7 fields of noise: version labels and checksums."
    `);
  });

  it("tells values, ConfigMaps and limits that changed", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text } = await call("helm_diff", { release: "checkout", namespace: "shop" });
    expect(text).toMatchInlineSnapshot(`
      "Release checkout in namespace shop, revision 4 (checkout-4.11.0, app v4.11.0, superseded, 2026-04-17T14:22:33Z) → 5 (checkout-4.12.0, app v4.12.0, deployed, 2026-04-25T14:04:35Z).
      <untrusted source="helm diff">
      Values given by the user
        config.payment_timeout_seconds: 8 → 6
        image.tag: v4.11.0 → v4.12.0
        resources.limits.memory: 512Mi → 256Mi
      Deployment checkout
        spec.template.spec.containers[checkout].image: registry.example.com/shop/checkout:v4.11.0 → registry.example.com/shop/checkout:v4.12.0
        spec.template.spec.containers[checkout].resources.limits.memory: 512Mi → 256Mi
      ConfigMap checkout-config
        data.payment_timeout_seconds: 8 → 6
      </untrusted>
      7 fields of noise: version labels and checksums."
    `);
  });

  it("compares any two, in either direction", async () => {
    const { call } = await connect();
    const { value } = await call("helm_diff", { ...etl, from: 7, to: 3 });
    expect(value).toMatchObject({ from: { revision: 7 }, to: { revision: 3 } });
    expect(JSON.stringify(value.objects)).toContain("v2.3.1 → ");
  });

  it("hides Secrets and variables that are named like one, and folds noise", async () => {
    const { call } = await connect({ world: rendering(secretAndEnv) });
    const { text, value } = await call("helm_diff", etl);
    expect(text).toMatchInlineSnapshot(`
      "Release customer-etl in namespace data, revision 6 (customer-etl-2.3.0, app v2.3.0, superseded, 2026-04-19T14:22:33Z) → 7 (customer-etl-2.3.1, app v2.3.1, deployed, 2026-04-25T14:05:35Z).
      <untrusted source="helm diff">
      Deployment web
        spec.template.spec.containers[app].env[DB_PASSWORD].value: changed
        spec.template.spec.containers[app].env[MODE].value: mode-6 → mode-7
        spec.template.spec.containers[app].image: web:6 → web:7
      Secret keys
        data.signing: changed
        stringData.plain: changed
      </untrusted>
      2 fields of noise: version labels and checksums."
    `);
    expect(JSON.stringify(value)).not.toMatch(/c2Vj|open-|hidden-/);
  });

  it("stays short, and says what it left out", async () => {
    const world = rendering((revision) =>
      Array.from({ length: 60 }, (_, index) => {
        const keys = Array.from({ length: 20 }, (__, key) => `  key-${key}: value-${revision}`);
        return `---\nkind: ConfigMap\nmetadata: { name: map-${index} }\ndata:\n${keys.join("\n")}`;
      }).join("\n"),
    );
    const { call } = await connect({ world });
    const { text, value } = await call("helm_diff", etl);
    expect(value).toMatchObject({ left_out_objects: 30 });
    expect(text).toMatch(/\d+ lines left out\./);
    expect(tokens(text)).toBeLessThan(2_000);
    expect(tokens(value)).toBeLessThan(2_000);
  });

  it("says that two revisions are the same", async () => {
    const { call } = await connect({ world: rendering(() => secretAndEnv(1)) });
    expect((await call("helm_diff", etl)).text).toContain("Nothing differs.");
  });

  it("refuses bad input and names what there is", async () => {
    const { call } = await connect();
    const said = async (args: object) => (await call("helm_diff", { ...etl, ...args })).text;
    expect(await said({ from: 99 })).toMatch(
      /^not_found: There is no revision 99\.\nThere are 7, /,
    );
    expect(await said({ to: 1 })).toMatch(/^not_found: No revision before 1 is kept\./);
    expect(await said({ from: 7 })).toMatch(/^invalid_input: from and to are both revision 7\./);
    expect(await said({ release: "no-such" })).toMatch(/^not_found: There is no release no-such/);
  });
});
