import { describe, expect, it } from "vitest";
import type { Release } from "#domain/helm/release.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect, START } from "../../support/connect.ts";
import { tokens } from "../../support/tokens.ts";

const release = (name: string, more: Partial<Release> = {}): Release => ({
  namespace: "data",
  name,
  revision: 3,
  status: "deployed",
  chart: `${name}-1.0.0`,
  appVersion: "v1.0.0",
  updatedAt: new Date(START.getTime() - 86_400_000),
  description: "",
  ...more,
});

const minutesAgo = (minutes: number) => new Date(START.getTime() - minutes * 60_000);

/** A world whose releases are these. */
const holding = (...all: readonly Release[]) =>
  withCluster(({ releases }) => ({ releases: { ...releases, list: async () => all } }));

describe("helm_list", () => {
  it("lists the releases of a namespace", async () => {
    const { call } = await connect();
    const { text } = await call("helm_list", { namespace: "data" });
    expect(text).toMatchInlineSnapshot(`
      "5 releases in namespace data (of all: 5 deployed):
      | namespace | release | status | revision | chart | app | updated |
      |---|---|---|---|---|---|---|
      | data | churn-features | deployed | 2 | churn-features-0.9.7 | v0.9.7 | 2026-04-14T14:22:33Z |
      | data | customer-etl | deployed | 7 | customer-etl-2.3.1 | v2.3.1 | 2026-04-25T14:05:35Z |
      | data | invoice-export | deployed | 2 | invoice-export-3.2.0 | v3.2.0 | 2026-03-15T14:22:33Z |
      | data | ledger-archive | deployed | 2 | ledger-archive-1.0.4 | v1.0.4 | 2026-01-27T14:22:33Z |
      | data | reporting-sync | deployed | 2 | reporting-sync-1.14.2 | v1.14.2 | 2026-03-30T14:22:33Z |"
    `);
  });

  it("puts those in trouble first and says what that means", async () => {
    const world = holding(
      release("alpha"),
      release("beta", { status: "failed", updatedAt: minutesAgo(50) }),
      release("gamma", { status: "pending-upgrade", updatedAt: minutesAgo(4) }),
      release("delta", { status: "pending-rollback", updatedAt: minutesAgo(90) }),
    );
    const { call } = await connect({ world });
    const { text } = await call("helm_list", { namespace: "data" });
    expect(text).toMatchInlineSnapshot(`
      "4 releases in namespace data (of all: 1 deployed, 1 failed, 1 pending-upgrade, 1 pending-rollback):
      | namespace | release | status | revision | chart | app | updated |
      |---|---|---|---|---|---|---|
      | data | delta | pending-rollback | 3 | delta-1.0.0 | v1.0.0 | 2026-04-25T12:52:33Z |
      | data | beta | failed | 3 | beta-1.0.0 | v1.0.0 | 2026-04-25T13:32:33Z |
      | data | gamma | pending-upgrade | 3 | gamma-1.0.0 | v1.0.0 | 2026-04-25T14:18:33Z |
      | data | alpha | deployed | 3 | alpha-1.0.0 | v1.0.0 | 2026-04-24T14:22:33Z |
      delta: An operation began 1h 30m ago and never ended: its process is likely gone. Helm refuses upgrades until a person clears it.
      beta: Its last operation failed: objects of both revisions may run side by side. helm_history has Helm's own words.
      gamma: An operation began 4m ago and holds it: nothing else can change it meanwhile.
      helm_history of delta tells what happened to it."
    `);
  });

  it("narrows by status, and counts the others", async () => {
    const world = holding(release("alpha"), release("beta", { status: "failed" }));
    const { call } = await connect({ world });
    const names = async (status: string) => (await call("helm_list", { status })).value;
    expect(await names("failed")).toMatchObject({ total: 1, releases: [{ name: "beta" }] });
    expect(await names("trouble")).toMatchObject({ total: 1, by_status: { deployed: 1 } });
    expect(await names("deployed")).toMatchObject({ total: 1, releases: [{ name: "alpha" }] });
    const { text } = await call("helm_list", { status: "pending" });
    expect(text).toBe(
      "No releases in namespace default (of all: 1 deployed, 1 failed).\nSet status to any to see the others.",
    );
  });

  it("stays short, and says what it left out", async () => {
    const many = Array.from({ length: 300 }, (_, index) => release(`release-number-${index}`));
    const { call } = await connect({ world: holding(...many) });
    const { text, value } = await call("helm_list", { all_namespaces: true, limit: 100 });
    expect(text).toMatch(/\d+ left out; raise limit or narrow by namespace or status\./);
    expect(tokens(text)).toBeLessThan(2_000);
    expect(tokens(value)).toBeLessThan(2_000);
  });

  it("says where it looked when there is nothing", async () => {
    const { call } = await connect();
    const { text } = await call("helm_list", { namespace: "kube-system" });
    expect(text).toBe(
      "No releases in namespace kube-system.\nSet all_namespaces to search the others.",
    );
    const missing = await call("helm_list", { namespace: "dta" });
    expect(missing.text).toMatch(/^not_found: There is no namespace dta\.\nClose names: data\./);
  });

  it("keeps to the namespaces that are allowed", async () => {
    const { call } = await connect({ settings: { namespaces: ["default"] } });
    expect((await call("helm_list", { namespace: "data" })).text).toMatch(/^not_allowed: /);
    const { value } = await call("helm_list", { all_namespaces: true });
    expect(value.total).toBe(0);
  });

  it("refuses bad input", async () => {
    const { call } = await connect();
    expect((await call("helm_list", { status: "sad" })).text).toMatch(/^invalid_input: status: /);
    expect((await call("helm_list", { namespace: "--all" })).text).toMatch(/^invalid_input: /);
  });
});
