import { describe, expect, it } from "vitest";
import { DAY, type TimeWindow, trailing } from "#domain/window.ts";
import type { Alarms } from "#ports/alarms.ts";
import { aborted, type Opened, opened, signal } from "./contract.ts";

export interface AlarmsFixture extends Opened {
  readonly alarms: Alarms;
  readonly now: Date;
  /** A metric alarm that is in ALARM and came to be so within the last day. */
  readonly ringing: string;
  /** A composite alarm, and one of its children. */
  readonly composite: { readonly name: string; readonly child: string };
}

/** What every implementation of the port `alarms` does. */
export function alarmsContract(name: string, open: () => Promise<AlarmsFixture>): void {
  describe(`alarms: ${name}`, () => {
    const fixture = opened(open);
    const day = (): TimeWindow => trailing(new Date(fixture().now.getTime() + 1000), 24 * 60);

    it("lists by state", async () => {
      const { alarms, ringing } = fixture();
      const found = await alarms.list({ states: ["ALARM"] }, signal);
      expect(found.map((alarm) => alarm.name)).toContain(ringing);
      expect(found.every((alarm) => alarm.state === "ALARM")).toBe(true);
    });

    it("lists by exact names, whatever else is asked", async () => {
      const { alarms, ringing } = fixture();
      const found = await alarms.list({ names: [ringing], states: ["OK"] }, signal);
      expect(found.map((alarm) => alarm.name)).toEqual([ringing]);
    });

    it("lists by kind and by the beginning of the name", async () => {
      const { alarms, ringing, composite } = fixture();
      const composites = await alarms.list({ kinds: ["composite"] }, signal);
      expect(composites.map((alarm) => alarm.name)).toContain(composite.name);
      expect(composites.every((alarm) => alarm.kind === "composite")).toBe(true);
      const prefixed = await alarms.list({ namePrefix: ringing.slice(0, 6) }, signal);
      expect(prefixed.map((alarm) => alarm.name)).toContain(ringing);
      expect(prefixed.every((alarm) => alarm.name.startsWith(ringing.slice(0, 6)))).toBe(true);
    });

    it("answers nothing for an unknown name", async () => {
      const { alarms } = fixture();
      expect(await alarms.list({ names: ["no-such-alarm"] }, signal)).toEqual([]);
      expect(await alarms.history("no-such-alarm", day(), signal)).toEqual([]);
    });

    it("tells what a metric alarm compares with what", async () => {
      const { alarms, ringing } = fixture();
      const [alarm] = await alarms.list({ names: [ringing] }, signal);
      expect(alarm).toMatchObject({
        kind: "metric",
        state: "ALARM",
        threshold: expect.any(Number),
        comparison: expect.stringMatching(/Threshold$/),
        evaluationPeriods: expect.any(Number),
        stateReason: expect.stringMatching(/./),
      });
      const judged = alarm?.queries.filter((query) => query.evaluated) ?? [];
      expect(judged).toHaveLength(1);
      expect(judged[0]?.metric).toMatchObject({
        namespace: expect.any(String),
        name: expect.any(String),
      });
    });

    it("tells a composite alarm's rule", async () => {
      const { alarms, composite } = fixture();
      const [alarm] = await alarms.list({ names: [composite.name] }, signal);
      expect(alarm?.rule).toContain(composite.child);
      expect(alarm?.queries).toEqual([]);
    });

    it("keeps the history newest first, and the state's beginning in it", async () => {
      const { alarms, ringing } = fixture();
      const [alarm] = await alarms.list({ names: [ringing] }, signal);
      const events = await alarms.history(ringing, day(), signal);
      const times = events.map((event) => event.at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      const change = events.find((event) => event.kind === "state");
      expect(change).toMatchObject({ to: "ALARM" });
      expect(Math.abs((change?.at.getTime() ?? 0) - (alarm?.since.getTime() ?? 0))).toBeLessThan(
        2000,
      );
    });

    it("keeps the history to its window", async () => {
      const { alarms, ringing, now } = fixture();
      const later = {
        start: new Date(now.getTime() + DAY),
        end: new Date(now.getTime() + 2 * DAY),
      };
      expect(await alarms.history(ringing, later, signal)).toEqual([]);
    });

    it("lists mute rules, or none", async () => {
      const rules = await fixture().alarms.mutes(signal);
      expect(rules.every((rule) => rule.name !== "" && Array.isArray(rule.alarms))).toBe(true);
    });

    it("links to the console, if anywhere", () => {
      const { alarms, ringing } = fixture();
      expect(alarms.consoleUrl(ringing) ?? `https://${ringing}`).toMatch(/^https:\/\//);
      expect(alarms.consoleUrl(ringing) ?? ringing).toContain(ringing);
    });

    it("stops when the caller has given up", async () => {
      await expect(fixture().alarms.list({}, aborted())).rejects.toThrow();
    });
  });
}
