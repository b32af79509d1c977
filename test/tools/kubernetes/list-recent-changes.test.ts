import { describe, expect, it } from "vitest";
import { connect } from "../../support/connect.ts";
import { tokens } from "../../support/tokens.ts";

describe("list_recent_changes", () => {
  it("puts what Helm changed under its revision, with the diff", async () => {
    const { call } = await connect();
    const args = { namespace: "data", near: "2026-04-25T14:15:00Z" };
    const { text, value } = await call("list_recent_changes", args);
    expect(text).toMatchInlineSnapshot(`
      "1 change in namespace data from 2026-04-25T12:15:00Z to 2026-04-25T14:22:33Z, by distance to 2026-04-25T14:15:00Z.
      2026-04-25T14:05:35Z (9m 25s before) Release/customer-etl: Revision 7. By helm.
      <untrusted source="change">
      Deployment/customer-etl: Rolled out revision 7.
      spec.containers[customer-etl].image: registry.example.com/data/customer-etl:v2.3.0 → registry.example.com/data/customer-etl:v2.3.1
      </untrusted>
      helm_diff shows the values that a Helm revision changed."
    `);
    expect(tokens(text)).toBeLessThan(2_000);
    expect(tokens(value)).toBeLessThan(2_000);
  });

  it("tells a release that gave less memory", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text } = await call("list_recent_changes", { namespace: "shop" });
    expect(text).toMatchInlineSnapshot(`
      "1 change in namespace shop from 2026-04-25T12:22:33Z to 2026-04-25T14:22:33Z.
      2026-04-25T14:04:35Z (17m 58s ago) Release/checkout: Revision 5. By helm.
      <untrusted source="change">
      ConfigMap/checkout-config: Applied, some or all of keys payment_timeout_seconds, currency, log_level.
      Deployment/checkout: Rolled out revision 5.
      spec.containers[checkout].image: registry.example.com/shop/checkout:v4.11.0 → registry.example.com/shop/checkout:v4.12.0
      spec.containers[checkout].resources.limits.memory: 512Mi → 256Mi
      </untrusted>
      helm_diff shows the values that a Helm revision changed."
    `);
  });
});
