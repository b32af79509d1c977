import { describe, expect, it } from "vitest";
import type { MetricId } from "#domain/alarms/alarm.ts";
import type { TimeWindow } from "#domain/window.ts";
import type { Metrics } from "#ports/metrics.ts";
import { aborted, type Opened, opened, signal } from "./contract.ts";

export interface MetricsFixture extends Opened {
  readonly metrics: Metrics;
  /** A metric with a sample in nearly every minute of the window. */
  readonly known: MetricId;
  /** At least ten minutes, in the past. */
  readonly window: TimeWindow;
}

/** What every implementation of the port `metrics` does. */
export function metricsContract(name: string, open: () => Promise<MetricsFixture>): void {
  describe(`metrics: ${name}`, () => {
    const fixture = opened(open);
    const ask = (statistics: readonly string[], metric = fixture().known, periodSeconds = 60) =>
      fixture().metrics.statistics(
        { ...metric, statistics, window: fixture().window, periodSeconds },
        signal,
      );

    it("answers one series per statistic, in the order asked", async () => {
      const asked = ["Maximum", "Average", "p90", "Minimum", "Sum", "SampleCount"];
      const { series } = await ask(asked);
      expect(series.map((one) => one.statistic)).toEqual(asked);
      expect(new Set(series.map((one) => one.points.length)).size).toBe(1);
      expect(series[0]?.points.length).toBeGreaterThan(5);
    });

    it("orders points by time, on whole periods inside the window", async () => {
      const { window } = fixture();
      const { series } = await ask(["Average"], fixture().known, 120);
      const times = series[0]?.points.map((point) => point.at.getTime()) ?? [];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.every((at) => at % 120_000 === 0)).toBe(true);
      expect(times.every((at) => at > window.start.getTime() - 120_000)).toBe(true);
      expect(times.every((at) => at < window.end.getTime())).toBe(true);
    });

    it("answers statistics that agree", async () => {
      const { series } = await ask(["Minimum", "Average", "Maximum", "Sum", "SampleCount"]);
      const rows = series[0]?.points.map((_, i) => series.map((one) => one.points[i]?.value ?? 0));
      for (const [min = 0, average = 0, max = 0, sum = 0, count = 0] of rows ?? []) {
        expect(min).toBeLessThanOrEqual(average + 1e-9);
        expect(average).toBeLessThanOrEqual(max + 1e-9);
        expect(sum).toBeCloseTo(average * count, 6);
      }
    });

    it("answers an unknown metric with series without points", async () => {
      const { series } = await ask(["Average", "Sum"], {
        ...fixture().known,
        name: "NoSuchMetric",
      });
      expect(series.map((one) => [one.statistic, one.points])).toEqual([
        ["Average", []],
        ["Sum", []],
      ]);
    });

    it("keeps a metric's dimensions apart", async () => {
      const other = { ...fixture().known, dimensions: { NoSuchDimension: "x" } };
      expect((await ask(["Average"], other)).series[0]?.points).toEqual([]);
    });

    it("finds metrics by namespace and name", async () => {
      const { metrics, known } = fixture();
      const { namespace, name: metric } = known;
      expect(await metrics.find({ namespace }, signal)).toContainEqual(known);
      const named = await metrics.find({ namespace, name: metric }, signal);
      expect(named).toContainEqual(known);
      expect(named.every((one) => one.name === metric)).toBe(true);
      expect(await metrics.find({ namespace: "No/Such" }, signal)).toEqual([]);
    });

    it("stops when the caller has given up", async () => {
      const { metrics, known, window } = fixture();
      const query = { ...known, statistics: ["Sum"], window, periodSeconds: 60 };
      await expect(metrics.statistics(query, aborted())).rejects.toThrow();
    });
  });
}
