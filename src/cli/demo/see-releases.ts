import { type Revision, releaseAnswer } from "./answers.ts";
import type { Releases, Workload } from "./case.ts";
import { culpritOf, leadText } from "./choose-remedy.ts";
import type { Guide } from "./guide.ts";

const MOST_SHOWN = 5;

/** The release that owns the workload, and whether it changed shortly before the onset. */
export async function seeReleases(
  guide: Guide,
  { suspect, releaseNames }: Workload,
  onset: string,
): Promise<Releases | undefined> {
  await guide.page.heading("Releases");
  for (const release of releaseNames) {
    const args = { release, namespace: suspect.namespace };
    const found = await guide.look("helm_history", args, releaseAnswer, ({ revisions }) =>
      revisions.slice(0, MOST_SHOWN).map(revisionLine),
    );
    if (found === undefined) continue;
    const culprit = culpritOf(found.revisions, onset);
    await guide.page.says(
      culprit
        ? `Revision ${culprit.revision} went out ${leadText(culprit, onset)} the onset.`
        : "Nothing was released shortly before the onset.",
    );
    return { release, revisions: found.revisions, ...(culprit ? { culprit } : {}) };
  }
  return undefined;
}

function revisionLine(each: Revision): string {
  const health = each.healthy ? "healthy" : `not healthy: ${each.healthy_why}`;
  return `- ${each.revision} ${each.chart} ${each.updated_at} ${health}`;
}
