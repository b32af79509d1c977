import { describe, expect, it } from "vitest";
import { trailing } from "#domain/window.ts";
import { minutes, objects, patch, pipeline, restart, rollback } from "./observe.ts";
import { openSandbox, pass, type Sandbox, signal, startedAt } from "./open.ts";

/** All that a process sees. */
async function view(sandbox: Sandbox) {
  const window = trailing(sandbox.clock.now(), 60);
  const query = { group: "/data/customer-etl", pattern: "", window, limit: 500 };
  return {
    now: sandbox.clock.now(),
    alarms: await sandbox.alarms.list({}, signal),
    rates: await minutes(sandbox, pipeline("customer-etl", "FailureRate"), "Average", window),
    lines: (await sandbox.logs.filter(query, signal)).events,
    pods: await objects(sandbox, "pods"),
    events: await objects(sandbox, "events"),
    deployments: await objects(sandbox, "deployments"),
    configMaps: await objects(sandbox, "configmaps"),
    releases: await sandbox.releases.list({}, signal),
  };
}

describe("two processes on one journal", () => {
  it("see the same world, whoever acts", async () => {
    const first = await openSandbox({ scenario: "customer-etl" });
    const second = await openSandbox({ scenario: "customer-etl", journal: first.journal });
    const acts = [
      () => patch(first, "data", "customer-etl-config", { max_connections: "90" }),
      () => pass(second.world, 6),
      () => restart(second, "data", "customer-etl"),
      () => pass(first.world, 2),
      () => rollback(second, "data", "customer-etl", 6),
      () => pass(first.world, 7),
    ];
    for (const act of acts) {
      await act();
      await first.world.refresh?.();
      await second.world.refresh?.();
      expect(await view(first)).toEqual(await view(second));
    }
  });

  it("a process that starts later takes up where the others are", async () => {
    const first = await openSandbox({ scenario: "customer-etl" });
    await pass(first.world, 3);
    await rollback(first, "data", "customer-etl", 6);
    await pass(first.world, 4);
    const later = new Date(startedAt.getTime() + 3_600_000);
    const second = await openSandbox({
      scenario: "customer-etl",
      journal: first.journal,
      wallClock: { now: () => later },
    });
    expect(await view(second)).toEqual(await view(first));
  });

  it("does not begin further back than the wall clock had brought another", async () => {
    let now = startedAt;
    const wallClock = { now: () => now };
    const first = await openSandbox({ scenario: "customer-etl", wallClock });
    now = new Date(startedAt.getTime() + 5 * 60_000);
    expect(first.clock.now()).toEqual(now);
    await first.world.refresh?.();
    const second = await openSandbox({
      scenario: "customer-etl",
      journal: first.journal,
      wallClock,
    });
    expect(second.clock.now()).toEqual(now);
  });

  it("sleeps side by side take no longer than one", async () => {
    const { world, clock } = await openSandbox({ scenario: "customer-etl" });
    await Promise.all([pass(world, 2), pass(world, 2)]);
    expect(clock.now().getTime() - startedAt.getTime()).toBe(120_000);
  });
});

describe("the past", () => {
  it("is not altered by what is done later", async () => {
    const plain = await openSandbox({ scenario: "customer-etl" });
    const acted = await openSandbox({ scenario: "customer-etl" });
    await restart(acted, "data", "customer-etl");
    await pass(acted.world, 10);
    await pass(plain.world, 10);
    const window = trailing(startedAt, 60);
    const metric = pipeline("customer-etl", "FailureRate");
    const past = (sandbox: Sandbox) => minutes(sandbox, metric, "Average", window);
    expect(await past(acted)).toEqual(await past(plain));
    const query = { group: "/data/customer-etl", pattern: "", window, limit: 5000 };
    expect(await acted.logs.filter(query, signal)).toEqual(await plain.logs.filter(query, signal));
  });

  it("is the same for the same seed, and another for another", async () => {
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map((seed) => openSandbox({ scenario: "customer-etl", seed })),
    );
    if (!one || !same || !other) throw new Error("three were opened");
    const whole = await view(one);
    expect(await view(same)).toEqual(whole);
    expect(await view(other)).not.toEqual(whole);
  });
});
