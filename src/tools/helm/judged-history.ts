import { type Judged, judgeRevisions, verdicts } from "#domain/helm/healthy.ts";
import type { ReleaseRef } from "#domain/helm/release.ts";
import type { Ports } from "#ports/index.ts";
import type { Call } from "#tools/tool.ts";
import { releaseHistory } from "./find-release.ts";

/** Actions that are searched for verifications of this release's revisions. */
const MOST_ACTIONS = 200;

/** The history, newest first, each revision judged by its status and by verifications on record. */
export async function judgedHistory(
  release: ReleaseRef,
  { releases, actions }: Pick<Ports, "releases" | "actions">,
  call: Call,
): Promise<readonly Judged[]> {
  const history = await releaseHistory(releases, release, call.signal);
  const known = verdicts(await actions.list(MOST_ACTIONS), release, call.place);
  return judgeRevisions(history, known);
}
