import { describe, expect, it } from "vitest";
import type { MetricId } from "#domain/alarms/alarm.ts";
import { HOUR, type TimeWindow } from "#domain/window.ts";
import type { Logs } from "#ports/logs.ts";
import { aborted, failure, type Opened, opened, signal } from "./contract.ts";

export interface LogsFixture extends Opened {
  readonly logs: Logs;
  readonly group: string;
  /** Holds at least five lines with `term`, and some without. */
  readonly window: TimeWindow;
  /** One word, letters only. */
  readonly term: string;
  /** A metric that a filter on the group feeds. */
  readonly fed: MetricId;
}

/** What every implementation of the port `logs` does. */
export function logsContract(name: string, open: () => Promise<LogsFixture>): void {
  describe(`logs: ${name}`, () => {
    const fixture = opened(open);
    const read = (pattern: string, limit = 5000, window = fixture().window) =>
      fixture().logs.filter({ group: fixture().group, pattern, window, limit }, signal);

    it("reads a window to its end, newest first", async () => {
      const { events, complete, pages } = await read("");
      const { start, end } = fixture().window;
      const times = events.map((event) => event.at.getTime());
      expect(events.length).toBeGreaterThan(5);
      expect(complete).toBe(true);
      expect(pages).toBeGreaterThanOrEqual(1);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(times.every((at) => at >= start.getTime() && at < end.getTime())).toBe(true);
      expect(events.every((event) => event.stream !== "" && event.message !== "")).toBe(true);
    });

    it("keeps the newest when there are more than the limit", async () => {
      const { term } = fixture();
      const all = await read(term);
      const some = await read(term, 3);
      expect(some.complete).toBe(false);
      expect(some.events.map((event) => event.message)).toEqual(
        all.events.slice(0, 3).map((event) => event.message),
      );
    });

    it("keeps to the pattern: a term, its opposite, a phrase, one of several", async () => {
      const { term } = fixture();
      const all = await read("");
      const holds = (text: string) => all.events.filter(({ message }) => message.includes(text));
      const texts = async (pattern: string) =>
        (await read(pattern)).events.map((event) => event.message);
      const expected = holds(term).map((event) => event.message);
      expect(expected.length).toBeGreaterThanOrEqual(5);
      expect(await texts(term)).toEqual(expected);
      expect(await texts(`"${term}"`)).toEqual(expected);
      expect(await texts(`?${term} ?nosuchword`)).toEqual(expected);
      expect(await texts(`${term} nosuchword`)).toEqual([]);
      expect(await texts(`-${term}`)).toHaveLength(all.events.length - expected.length);
    });

    it("refuses a pattern that cannot be read", async () => {
      await expect(read("{ $.level = ")).rejects.toMatchObject(failure("invalid_input"));
    });

    it("answers an empty window with nothing, searched to its end", async () => {
      const { start } = fixture().window;
      const before = {
        start: new Date(start.getTime() - 60 * HOUR * 24),
        end: new Date(start.getTime() - 59 * HOUR * 24),
      };
      expect(await read("", 10, before)).toMatchObject({ events: [], complete: true });
    });

    it("throws not_found for an unknown group", async () => {
      const { logs, window } = fixture();
      const query = { group: "/no/such/group", pattern: "", window, limit: 10 };
      await expect(logs.filter(query, signal)).rejects.toMatchObject(failure("not_found"));
    });

    it("finds groups by a part of their name", async () => {
      const { logs, group } = fixture();
      const named = await logs.groups({ pattern: group.slice(1), limit: 50 }, signal);
      expect(named.map((one) => one.name)).toContain(group);
      expect(await logs.groups({ limit: 1 }, signal)).toHaveLength(1);
      expect(await logs.groups({ pattern: "nosuchgroup", limit: 50 }, signal)).toEqual([]);
    });

    it("knows which filters feed a metric", async () => {
      const { logs, group, fed } = fixture();
      const filters = await logs.metricFilters(fed, signal);
      expect(filters.map((one) => one.logGroup)).toContain(group);
      expect(await logs.metricFilters({ ...fed, name: "NoSuchMetric" }, signal)).toEqual([]);
    });

    it("stops when the caller has given up", async () => {
      const { logs, group, window } = fixture();
      const query = { group, pattern: "", window, limit: 10 };
      await expect(logs.filter(query, aborted())).rejects.toThrow();
    });
  });
}
