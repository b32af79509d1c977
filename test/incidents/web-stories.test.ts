import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type ConnectOptions, connect } from "../support/connect.ts";
import { expectHealed } from "./healed.ts";
import { changesMade, work } from "./work.ts";

const MINUTE = 60_000;

describe("a release whose pods never become ready", () => {
  it.each([
    ["image-typo", "booking-api", "travel"],
    ["probe-path", "playlist-api", "media"],
    ["missing-config-key", "invoice-api", "billing"],
    ["quota-blocked-rollout", "route-api", "maps"],
    ["stuck-claim", "gallery-api", "photos"],
  ])("%s is healed by rolling back", async (scenario, release, namespace) => {
    const worked = await work({ scenario }, release);
    await expectHealed(worked, { release, namespace, to: 3, made: 5 });
  });

  it("is left to the repository when Flux applies it", async () => {
    const worked = await work({ scenario: "gitops-owned" }, "account-web");
    expect(worked.outcome).toBe("open");
    expect(await changesMade(worked)).toEqual([]);
  });

  it("goes on by itself once the missing key is there", async () => {
    const { call, firingAfter } = await approving("invoice-api", {
      scenario: "missing-config-key",
    });
    const data = { rounding_mode: "half-up" };
    const map = { name: "invoice-api-config", namespace: "billing" };
    expect(await call("kubectl_patch_configmap", { ...map, data })).toMatchObject({
      failed: false,
    });
    expect(await firingAfter(8)).toEqual([]);
  });
});

describe("a network policy that keeps the callers out", () => {
  const where = { namespace: "ledger" };

  it("outlives a restart, and goes with the release that brought it", async () => {
    const { call, firingAfter } = await approving("accounts-api", { scenario: "network-policy" });
    await call("kubectl_rollout_restart", { deployment: "accounts-api", ...where });
    expect(await firingAfter(8)).toContain("accounts-api-5xx");
    await call("helm_rollback", { release: "accounts-api", ...where });
    expect(await firingAfter(8)).toEqual([]);
  });
});

describe("an autoscaler that sees nothing", () => {
  const where = { namespace: "streams" };

  it("stays blind after a restart, and scales once it has a request to measure by", async () => {
    const { call, firingAfter } = await approving("session-api", {
      scenario: "hpa-without-requests",
    });
    await call("kubectl_rollout_restart", { deployment: "session-api", ...where });
    expect(await firingAfter(8)).toContain("session-api-5xx");
    const request = { name: "session-api", cpu_request: "250m", ...where };
    expect((await call("kubectl_set_resources", request)).failed).toBe(false);
    expect(await firingAfter(12)).toEqual([]);
  });
});

describe("a node that is short of memory", () => {
  const sick = ["orders-pod-evictions"];

  it("evicts restarted pods too, until it takes no more", async () => {
    const { call, firingAfter } = await approving("basket-api", { scenario: "node-pressure" });
    expect(await firingAfter(0)).toEqual(sick);
    await call("kubectl_rollout_restart", { deployment: "basket-api", namespace: "orders" });
    expect(await firingAfter(15)).toEqual(sick);
    expect((await call("kubectl_cordon", { node: "node-b" })).failed).toBe(false);
    expect(await firingAfter(25)).toEqual([]);
  });
});

describe("a Service that selects nobody", () => {
  it("is not helped by a restart, and healed by selecting its pods again", async () => {
    const { call, firingAfter } = await approving("order-web", { scenario: "service-selector" });
    const sick = ["order-web-gateway-errors", "web-front-door"];
    await call("kubectl_rollout_restart", { deployment: "order-web", namespace: "tickets" });
    expect(await firingAfter(8)).toEqual(sick);
    const shifted = { name: "order-web", namespace: "tickets", selector: { track: null } };
    expect(await call("kubectl_shift_traffic", shifted)).toMatchObject({ failed: false });
    expect(await firingAfter(8)).toEqual([]);
  });

  it("is healed by rolling the release back, which sets the Service too", async () => {
    const { call, firingAfter } = await approving("order-web", { scenario: "service-selector" });
    await call("helm_rollback", { release: "order-web", namespace: "tickets" });
    expect(await firingAfter(8)).toEqual([]);
  });
});

describe("a setting that somebody edited", () => {
  const map = { name: "query-api-config", namespace: "search" };

  it("is read again by a restart, and healed by setting it back", async () => {
    const { call, firingAfter } = await approving("query-api", { scenario: "bad-configmap" });
    const sick = ["query-api-5xx", "query-api-gateway-errors", "web-front-door"];
    expect(await firingAfter(0)).toEqual(sick);
    const restarted = { deployment: "query-api", namespace: "search" };
    expect((await call("kubectl_rollout_restart", restarted)).value).toMatchObject({
      status: "applied",
    });
    expect(await firingAfter(8)).toEqual(sick);
    const data = { upstream_timeout_ms: "2500" };
    await call("kubectl_patch_configmap", { ...map, data });
    expect(await firingAfter(8)).toEqual([]);
  });
});

describe("two causes at once", () => {
  it("need both remedies", async () => {
    const { call, firingAfter } = await approving("suggest-api", { scenario: "two-causes" });
    expect(await firingAfter(0)).toContain("suggest-api-replicas-unavailable");
    await call("helm_rollback", { release: "suggest-api", namespace: "search" });
    expect(await firingAfter(8)).toEqual([
      "query-api-5xx",
      "query-api-gateway-errors",
      "web-front-door",
    ]);
    const data = { upstream_timeout_ms: "2500" };
    await call("kubectl_patch_configmap", { name: "query-api-config", namespace: "search", data });
    expect(await firingAfter(8)).toEqual([]);
  });
});

const alarms = z.object({ alarms: z.array(z.object({ name: z.string() })) });

/** A client whose person approves what names this target, and what fires so many minutes later. */
async function approving(target: string, options: ConnectOptions) {
  const answer = () => ({ action: "accept", content: { approve: true, target } }) as const;
  const { call, advance } = await connect({ ...options, answer });
  return {
    call,
    async firingAfter(minutes: number) {
      await advance(minutes * MINUTE);
      const { value } = await call("list_active_alarms");
      return alarms.parse(value).alarms.map(({ name }) => name);
    },
  };
}
