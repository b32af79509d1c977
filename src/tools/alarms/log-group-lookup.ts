import type { Alarm, MetricId } from "#domain/alarms/alarm.ts";
import { leaves } from "#domain/alarms/family.ts";
import {
  eachOnce,
  groupNeedles,
  groupsByDimension,
  type RelatedGroup,
} from "#domain/alarms/log-groups.ts";
import { metricsOf } from "#domain/alarms/watches.ts";
import { type AlarmPlace, orNone, type RegionError, type Survey } from "./survey.ts";

/** Lookups in one region and call; DescribeMetricFilters allows about five a second. */
const MAX_LOOKUPS = 8;

/** Log groups by what leads to them; equal questions are asked once. */
export interface GroupLookup {
  /** Groups with a metric filter that feeds the metric. */
  feeding(metric: MetricId): Promise<readonly string[]>;
  /** Groups whose name holds the text. */
  named(text: string): Promise<readonly string[]>;
}

export function groupLookup(
  place: AlarmPlace,
  errors: RegionError[],
  signal: AbortSignal,
): GroupLookup {
  const { logs } = place.ports;
  const once = remembered(MAX_LOOKUPS);
  return {
    feeding: ({ namespace, name }) =>
      once(`metric ${namespace} ${name}`, () =>
        orNone(place, errors, "Metric filters", async () => {
          const filters = await logs.metricFilters({ namespace, name }, signal);
          return filters.map(({ logGroup }) => logGroup);
        }),
      ),
    named: (text) =>
      once(`name ${text}`, () =>
        orNone(place, errors, "Log groups", async () => {
          const groups = await logs.groups({ pattern: text, limit: 20 }, signal);
          return groups.map(({ name }) => name);
        }),
      ),
  };
}

type Read = () => Promise<readonly string[]>;

function remembered(most: number) {
  const answers = new Map<string, Promise<readonly string[]>>();
  return (key: string, read: Read): Promise<readonly string[]> => {
    const known = answers.get(key);
    if (known) return known;
    const answer = answers.size < most ? read() : Promise.resolve([]);
    if (answers.size < most) answers.set(key, answer);
    return answer;
  };
}

/**
 * The log groups of an alarm, the surest first; of a composite alarm, those of the alarms under it that have no
 * row of their own.
 */
export async function relatedGroups(
  alarm: Alarm,
  { known, matching }: Survey,
  lookup: GroupLookup,
): Promise<RelatedGroup[]> {
  const untold = leaves(alarm, known).filter((leaf) => leaf === alarm || !matching.includes(leaf));
  const found = await Promise.all(untold.map((leaf) => groupsOf(leaf, lookup)));
  return eachOnce(found.flat());
}

async function groupsOf(alarm: Alarm, lookup: GroupLookup): Promise<RelatedGroup[]> {
  const metrics = metricsOf(alarm);
  const own = (alarm.logGroups ?? []).map((name) => ({ name, knownBy: "the alarm's own query" }));
  const fed = await Promise.all(metrics.filter(isCustom).map((metric) => fedBy(metric, lookup)));
  const named = await Promise.all(groupNeedles(metrics).map((text) => lookup.named(text)));
  return eachOnce([...own, ...fed.flat(), ...groupsByDimension(metrics, named.flat())]);
}

/** Metric filters cannot write to the namespaces of AWS's own services. */
function isCustom(metric: MetricId): boolean {
  return !metric.namespace.startsWith("AWS/");
}

async function fedBy(metric: MetricId, lookup: GroupLookup): Promise<RelatedGroup[]> {
  const names = await lookup.feeding(metric);
  return names.map((name) => ({ name, knownBy: `a metric filter feeds ${metric.name} from it` }));
}
