import { describe, expect, it } from "vitest";
import type { Alarm, AlarmState } from "#domain/alarms/alarm.ts";
import { MINUTE, shift, trailing } from "#domain/window.ts";
import { scenarioNames } from "#sandbox/index.ts";
import { judged, patch, restart, rollback, scale, wholeMinute } from "./observe.ts";
import { openSandbox, pass, type Sandbox, signal } from "./open.ts";

async function expectAgreement(sandbox: Sandbox): Promise<void> {
  for (const alarm of await sandbox.alarms.list({}, signal)) {
    const state = await judged(sandbox, alarm, sandbox.clock.now());
    expect(`${alarm.name} ${alarm.state}`).toBe(`${alarm.name} ${state}`);
  }
}

/** What the alarm's history says of its state at a time. */
async function stateAt(sandbox: Sandbox, alarm: Alarm, at: Date): Promise<AlarmState | undefined> {
  const events = await sandbox.alarms.history(alarm.name, trailing(shift(at, 1), 60 * 24), signal);
  const last = events.find((event) => event.kind === "state");
  if (last) return last.to;
  const later = { start: at, end: shift(sandbox.clock.now(), 1) };
  const next = (await sandbox.alarms.history(alarm.name, later, signal)).findLast(
    (event) => event.kind === "state",
  );
  return next ? next.from : alarm.state;
}

describe("alarms equal their metric re-evaluated", () => {
  for (const scenario of scenarioNames) {
    it.each([1, 2, 7])(`in ${scenario}, seed %i, as time passes`, async (seed) => {
      const sandbox = await openSandbox({ scenario, seed });
      for (const minutes of [0, 0.5, 1, 2, 3, 5, 8, 13, 21]) {
        await pass(sandbox.world, minutes);
        await expectAgreement(sandbox);
      }
    });

    it(`in ${scenario}, at every minute of the history`, async () => {
      const sandbox = await openSandbox({ scenario });
      const end = wholeMinute(sandbox.clock.now());
      for (const alarm of await sandbox.alarms.list({}, signal)) {
        for (let back = 0; back < 25; back++) {
          const at = shift(end, -back * MINUTE);
          const was = await stateAt(sandbox, alarm, at);
          expect(`${alarm.name} ${at.toISOString()} ${was}`).toBe(
            `${alarm.name} ${at.toISOString()} ${await judged(sandbox, alarm, at)}`,
          );
        }
      }
    });
  }

  it("after one action upon another", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    const name = ["data", "customer-etl"] as const;
    const actions = [
      () => restart(sandbox, ...name),
      () => scale(sandbox, ...name, 5),
      () => patch(sandbox, "data", "customer-etl-config", { max_connections: "200" }),
      () => scale(sandbox, ...name, 0),
      () => rollback(sandbox, ...name, 6),
    ];
    for (const act of actions) {
      await act();
      for (const minutes of [0, 1, 3, 5]) {
        await pass(sandbox.world, minutes);
        await expectAgreement(sandbox);
      }
    }
  });
});

describe("the stories' alarms", () => {
  it("customer-etl: one cause, four alarms under one", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    const [above] = await sandbox.alarms.list({ kinds: ["composite"] }, signal);
    const children = [...(above?.rule ?? "").matchAll(/"([^"]+)"/g)].flatMap(
      ([, name]) => name ?? [],
    );
    expect(children).toEqual([
      "customer-etl-failure-rate",
      "reporting-sync-lag",
      "churn-features-lag",
      "invoice-export-lag",
    ]);
    const found = await sandbox.alarms.list({ names: children }, signal);
    expect(found.map((alarm) => alarm.state)).toEqual(["ALARM", "ALARM", "ALARM", "ALARM"]);
    expect(above?.state).toBe("ALARM");
  });

  it("quiet-night: none rings; one flapped earlier, one lacks data, one is muted", async () => {
    const sandbox = await openSandbox({ scenario: "quiet-night" });
    expect(await sandbox.alarms.list({ states: ["ALARM"] }, signal)).toEqual([]);
    const lacking = await sandbox.alarms.list({ states: ["INSUFFICIENT_DATA"] }, signal);
    expect(lacking).toHaveLength(1);
    const today = trailing(sandbox.clock.now(), 12 * 60);
    const flapped = await sandbox.alarms.history("uploads-api-latency-p90", today, signal);
    const states = flapped.filter((event) => event.kind === "state").map((event) => event.to);
    expect(states).toEqual(["OK", "ALARM", "OK", "ALARM"]);
    const [mute] = await sandbox.alarms.mutes(signal);
    expect(mute).toMatchObject({ active: true, alarms: [lacking[0]?.name] });
  });
});
