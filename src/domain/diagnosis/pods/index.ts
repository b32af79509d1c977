import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import { count } from "#domain/text/table.ts";
import { configuration } from "./configuration.ts";
import { deletions } from "./deletions.ts";
import { evictions } from "./evictions.ts";
import { exits } from "./exits.ts";
import { images } from "./images.ts";
import { names } from "./names.ts";
import { type PodRule, patientsOf, type Sign } from "./patient.ts";
import { readiness } from "./readiness.ts";
import { references } from "./references.ts";
import { scheduling } from "./scheduling.ts";
import { volumes } from "./volumes.ts";

const rules: readonly PodRule[] = [
  scheduling,
  volumes,
  references,
  configuration,
  images,
  exits,
  readiness,
  names,
  evictions,
  deletions,
];

/** Pods that suffer from the same thing, which one finding tells of. */
interface Group {
  readonly sign: Sign;
  readonly pods: readonly string[];
  readonly since: readonly Date[];
}

const analyzePods: Analyzer = (scope, snapshot) => {
  const groups = new Map<string, Group>();
  for (const patient of patientsOf(scope, snapshot)) {
    for (const sign of rules.flatMap((rule) => rule(patient))) {
      const key = `${sign.cause} ${sign.about}`;
      groups.set(key, grown(groups.get(key), sign, patient.name));
    }
  }
  return [...groups.values()].map(findingOf);
};

export const podAnalyzers: readonly Analyzer[] = [analyzePods];

function grown(group: Group | undefined, sign: Sign, pod: string): Group {
  const since = sign.since ? [sign.since] : [];
  if (group === undefined) return { sign, pods: [pod], since };
  const pods = [...new Set([...group.pods, pod])];
  return { sign: group.sign, pods, since: [...group.since, ...since] };
}

function findingOf({ sign, pods, since }: Group): Finding {
  const { cause, confidence, summary, evidence, remedy, next } = sign;
  const others = pods.length - 1;
  const first = since.toSorted((a, b) => a.getTime() - b.getTime())[0];
  return {
    cause,
    confidence,
    evidence,
    remedy,
    ...(next ? { next } : {}),
    summary: others === 0 ? summary : `${summary} The same in ${count(others, "more pod")}.`,
    affected: [...pods, ...(sign.affected ?? [])],
    ...(first ? { since: first } : {}),
  };
}
