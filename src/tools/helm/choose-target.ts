import { type ContentDiff, diffContent, differs } from "#domain/helm/diff.ts";
import { type Judged, rollbackCandidates } from "#domain/helm/healthy.ts";
import type { RevisionContent } from "#domain/helm/release.ts";
import { askedTarget, choiceText, noTarget, settledRevision } from "#domain/helm/target.ts";
import { OpsError } from "#errors.ts";

export interface Chosen {
  readonly current: Judged;
  readonly target: Judged;
  readonly from: RevisionContent;
  readonly to: RevisionContent;
  readonly diff: ContentDiff;
  /** Why this one, in a sentence. */
  readonly choice: string;
}

/** Most revisions whose content is compared in search of one that differs. */
const MOST = 10;

type Read = (revision: number) => Promise<RevisionContent>;

/** The revision asked for, or with 0 the newest healthy one whose content differs from the current one's. */
export async function chooseTarget(
  release: string,
  judged: readonly Judged[],
  asked: number,
  read: Read,
): Promise<Chosen> {
  const current = settledRevision(judged, release);
  return asked > 0 ? exactly(asked, judged, current, read) : newest(judged, current, read);
}

async function exactly(
  asked: number,
  judged: readonly Judged[],
  current: Judged,
  read: Read,
): Promise<Chosen> {
  const target = askedTarget(judged, current, asked);
  const from = await read(current.revision);
  const to = await read(asked);
  const diff = diffContent(from, to);
  if (current.healthy && isSame(diff)) throw sameContent(current, target);
  const choice = `Revision ${asked} was asked for; it was ${target.why}.`;
  return { current, target, from, to, diff, choice };
}

async function newest(judged: readonly Judged[], current: Judged, read: Read): Promise<Chosen> {
  const from = await read(current.revision);
  const alike: number[] = [];
  for (const target of rollbackCandidates(judged).slice(0, MOST)) {
    const to = await read(target.revision);
    const diff = diffContent(from, to);
    if (differs(diff)) {
      return {
        current,
        target,
        from,
        to,
        diff,
        choice: choiceText(judged, current, target, alike),
      };
    }
    alike.push(target.revision);
  }
  throw noTarget(judged, current, alike);
}

function isSame({ objects, values }: ContentDiff): boolean {
  return objects.length === 0 && values.length === 0;
}

function sameContent(current: Judged, target: Judged): OpsError {
  return new OpsError(
    "no_change",
    `Revision ${target.revision} installs exactly what the current revision ${current.revision} does.`,
    "Leave `revision` out to take the newest healthy one that differs.",
  );
}
