import { duration } from "#domain/text/time.ts";
import { HOUR, MINUTE } from "#domain/window.ts";
import type { Revision } from "./answers.ts";
import type { Case, Releases, Remedy } from "./case.ts";

/** A release this long before the onset is still the first thing to suspect: leaks take their time. */
const SHORTLY = 6 * HOUR;
/** Metrics come by the minute, coarser when they are old: the onset may seem to precede its cause. */
const SLACK = 10 * MINUTE;

/** The newest revision, if it went out shortly before the onset. */
export function culpritOf(revisions: readonly Revision[], onset: string): Revision | undefined {
  const [newest] = revisions;
  if (newest === undefined) return undefined;
  const lead = Date.parse(onset) - Date.parse(newest.updated_at);
  return lead >= -SLACK && lead <= SHORTLY ? newest : undefined;
}

/** How long before the onset a revision went out: `4m before`. */
export function leadText({ updated_at }: Revision, onset: string): string {
  const lead = Date.parse(onset) - Date.parse(updated_at);
  return lead >= MINUTE ? `${duration(lead)} before` : "within the minute of";
}

/** Rollback, restart, scale: in this order, each with what speaks for it or against it. */
export function remedies(found: Case): readonly Remedy[] {
  return [rollback(found), restart(found), scale(found)];
}

function rollback({ workload, releases, symptom }: Case): Remedy {
  const { namespace } = workload.suspect;
  const call = { tool: "helm_rollback", args: { release: releases?.release, namespace } };
  if (releases === undefined) return { ...call, fits: false, why: "no Helm release owns it" };
  const { culprit } = releases;
  if (culprit === undefined) {
    return { ...call, fits: false, why: "nothing was released shortly before it began" };
  }
  const way = wayBack(releases, culprit);
  if (way === undefined) {
    return { ...call, fits: false, why: "there is no earlier healthy revision" };
  }
  const lead = leadText(culprit, symptom.onset);
  const why = `revision ${culprit.revision} went out ${lead} the onset, and ${way.revision} was healthy`;
  return { ...call, fits: true, why };
}

function wayBack({ revisions }: Releases, culprit: Revision): Revision | undefined {
  return revisions.find(({ revision, healthy }) => healthy && revision < culprit.revision);
}

function restart({ workload: { suspect }, releases }: Case): Remedy {
  const { kind, name, namespace } = suspect;
  const args = { deployment: name, namespace, resource_type: kind };
  const call = { tool: "kubectl_rollout_restart", args };
  return releases?.culprit === undefined
    ? { ...call, fits: true, why: "nothing changed, and a fresh start may clear what has built up" }
    : { ...call, fits: false, why: "new pods would run the same release" };
}

function scale({ workload, releases }: Case): Remedy {
  const { suspect, rollout } = workload;
  const replicas = (rollout?.desired ?? 1) + 1;
  const args = {
    ...{ release: releases?.release, namespace: suspect.namespace },
    ...{ workload: suspect.name, replicas },
  };
  const call = { tool: "helm_scale", args };
  if (releases === undefined) return { ...call, fits: false, why: "no Helm release owns it" };
  return releases.culprit === undefined
    ? { ...call, fits: true, why: "one more replica may carry the load" }
    : { ...call, fits: false, why: "more pods of the same release would fail alike" };
}
