import type { MetricId } from "./alarm.ts";

/** A log group that belongs to an alarm, and how that is known. */
export interface RelatedGroup {
  readonly name: string;
  readonly knownBy: string;
}

/**
 * Where AWS services write the logs of what a dimension names. A path that ends in `/` stands for
 * every group beneath it.
 */
const SERVICE_GROUPS: Readonly<Record<string, (value: string) => readonly string[]>> = {
  FunctionName: (value) => [`/aws/lambda/${value.split(":")[0]}`],
  DBInstanceIdentifier: (value) => [`/aws/rds/instance/${value}/`],
  DBClusterIdentifier: (value) => [`/aws/rds/cluster/${value}/`],
  ClusterName: (value) => [`/aws/containerinsights/${value}/`, `/aws/eks/${value}/`],
  ProjectName: (value) => [`/aws/codebuild/${value}`],
};

/** Dimension values worth looking for among the names of log groups: long enough to mean something. */
export function groupNeedles(metrics: readonly MetricId[]): string[] {
  const values = metrics.flatMap((metric) => Object.values(metric.dimensions));
  const last = values.flatMap((value) => value.split(/[:/]/).findLast(isName) ?? []);
  return [...new Set(last)].filter((value) => value.length >= 4 && /[a-z]/i.test(value));
}

/** Load balancers end in a long id, which no log group repeats. */
function isName(part: string): boolean {
  return part !== "" && !/^[0-9a-f]{12,}$/.test(part);
}

/** Which of the existing groups belong to the metrics: by the service's own naming, else by a shared name. */
export function groupsByDimension(
  metrics: readonly MetricId[],
  existing: readonly string[],
): RelatedGroup[] {
  const dimensions = metrics.flatMap((metric) => Object.entries(metric.dimensions));
  const certain = dimensions.flatMap(([name, value]) => byService(name, value, existing));
  const guessed = groupNeedles(metrics).flatMap((needle) =>
    existing
      .filter((group) => holdsWord(group, needle))
      .map((name) => ({
        name,
        knownBy: `a guess: its name holds ${needle}`,
      })),
  );
  return eachOnce([...certain, ...guessed]);
}

function byService(name: string, value: string, existing: readonly string[]): RelatedGroup[] {
  const paths = Object.hasOwn(SERVICE_GROUPS, name) ? (SERVICE_GROUPS[name]?.(value) ?? []) : [];
  return existing
    .filter((group) =>
      paths.some((path) => (path.endsWith("/") ? group.startsWith(path) : group === path)),
    )
    .map((group) => ({ name: group, knownBy: `dimension ${name}=${value}` }));
}

/** Whether the word stands in the name by itself, and not as a part of another word. */
function holdsWord(group: string, word: string): boolean {
  const at = group.toLowerCase().indexOf(word.toLowerCase());
  if (at < 0) return false;
  const outside = `${group[at - 1] ?? ""}${group[at + word.length] ?? ""}`;
  return !/[a-z0-9]/i.test(outside);
}

/** The first entry of each name: sources are given from the surest to the least sure. */
export function eachOnce(groups: readonly RelatedGroup[]): RelatedGroup[] {
  const first = new Map<string, RelatedGroup>();
  for (const group of groups) if (!first.has(group.name)) first.set(group.name, group);
  return [...first.values()];
}
