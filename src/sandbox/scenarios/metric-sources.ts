import type { MetricId } from "#domain/alarms/alarm.ts";
import type { MetricSource, Samples } from "#sandbox/signals/source.ts";

/** A metric of which each minute holds one sample, or none. */
export function gauge(
  id: MetricId,
  unit: string,
  value: (minute: number) => number | undefined,
): MetricSource {
  return {
    ...id,
    unit,
    minute(start) {
      const sample = value(start);
      return sample === undefined ? undefined : { values: [sample], count: 1 };
    },
  };
}

/** A metric of which each minute holds many samples. */
export function spread(
  id: MetricId,
  unit: string,
  samples: (minute: number) => Samples | undefined,
): MetricSource {
  return { ...id, unit, minute: samples };
}

/** Names the metrics of one namespace and one set of dimensions. */
export function family(namespace: string, dimensions: Readonly<Record<string, string>>) {
  return (name: string): MetricId => ({ namespace, name, dimensions });
}
