import { isoSeconds } from "#domain/text/time.ts";
import { OpsError } from "#errors.ts";
import { currentRevision, isPending, type Judged } from "./healthy.ts";
import type { Revision } from "./release.ts";

/** The current revision, which must not be in the middle of an operation. */
export function settledRevision<R extends Revision>(history: readonly R[], release: string): R {
  const current = currentRevision(history);
  if (current === undefined) {
    const message = `Release ${release} has no revisions.`;
    throw new OpsError("not_found", message, "Check name and namespace.");
  }
  if (!isPending(current)) return current;
  throw new OpsError(
    "refused",
    `Release ${release} is ${current.status} since ${isoSeconds(current.updatedAt)}: another operation holds it.`,
    "Wait until it ends and call again. If no helm process runs any more, a person must clear it.",
  );
}

/** The revision asked for, if a rollback may go there. */
export function askedTarget(judged: readonly Judged[], current: Judged, asked: number): Judged {
  const target = judged.find(({ revision }) => revision === asked);
  const healthy = judged.filter((each) => each.healthy && !each.abandoned && each !== current);
  const choice = healthy.length === 0 ? "none" : healthy.map(({ revision }) => revision).join(", ");
  if (target === undefined) {
    const known = judged.map(({ revision }) => revision).join(", ");
    const message = `There is no revision ${asked}. There are ${known}.`;
    throw new OpsError("not_found", message, `Healthy ones to return to: ${choice}.`);
  }
  if (target.revision === current.revision) {
    const message = `Revision ${asked} is the current one.`;
    throw new OpsError("no_change", message, `Healthy ones to return to: ${choice}.`);
  }
  if (!target.healthy) {
    const message = `Revision ${asked} was never healthy: ${target.why}.`;
    throw new OpsError("refused", message, `Healthy ones to return to: ${choice}.`);
  }
  return target;
}

/** Why nothing is left to choose. */
export function noTarget(
  judged: readonly Judged[],
  current: Judged,
  alike: readonly number[],
): OpsError {
  const passed = judged.filter((each) => each !== current).map((each) => passedOver(each, alike));
  return new OpsError(
    "refused",
    `No healthy revision differs from revision ${current.revision}.${passed.length > 0 ? ` Passed over: ${passed.join("; ")}.` : ""}`,
    "Name a revision, or fix forward: a rollback has nowhere to go by itself.",
  );
}

/** Why this revision was chosen, and which newer ones were passed over. */
export function choiceText(
  judged: readonly Judged[],
  current: Judged,
  target: Judged,
  alike: readonly number[],
): string {
  const newer = judged.filter(
    ({ revision }) => revision > target.revision && revision < current.revision,
  );
  const passed = newer.map((each) => passedOver(each, alike));
  const reason = `Revision ${target.revision} is the newest healthy one that differs from the current ${current.revision}`;
  return passed.length === 0 ? `${reason}.` : `${reason}; passed over: ${passed.join("; ")}.`;
}

function passedOver({ revision, why }: Judged, alike: readonly number[]): string {
  return `${revision} (${alike.includes(revision) ? "same content" : why})`;
}
