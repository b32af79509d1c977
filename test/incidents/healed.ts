import { expect } from "vitest";
import * as z from "zod";
import { changesMade, type Worked } from "./work.ts";

interface Remedied {
  readonly release: string;
  readonly namespace: string;
  /** The revision that was well, and the one that the rollback made. */
  readonly to: number;
  readonly made: number;
}

const alarms = z.object({ matching: z.number() });
const history = z.object({
  revisions: z.array(
    z.object({ revision: z.number(), status: z.string(), app_version: z.string() }),
  ),
});

/** One approved rollback, verified; the release as it was, every alarm quiet, a report that says so. */
export async function expectHealed(worked: Worked, expected: Remedied): Promise<void> {
  const { release, namespace, to, made } = expected;
  expect([worked.outcome, worked.why]).toEqual([
    "healed",
    "the alarms are quiet and the change was verified",
  ]);
  expect(worked.questions).toHaveLength(1);
  const actions = await changesMade(worked);
  expect(
    actions.map(({ tool, state, applied }) => ({ tool, state, facts: applied?.facts })),
  ).toEqual([
    { tool: "helm_rollback", state: "passed", facts: { from: made - 1, to, new_revision: made } },
  ]);
  const { revisions } = history.parse(
    (await worked.call("helm_history", { release, namespace })).value,
  );
  const version = revisions.find(({ revision }) => revision === to)?.app_version;
  expect(revisions[0]).toMatchObject({ revision: made, status: "deployed", app_version: version });
  expect(alarms.parse((await worked.call("list_active_alarms")).value).matching).toBe(0);
  const [report] = await (await worked.house.records()).reports.list(5);
  expect(report?.markdown).toContain(`Rolled release ${release} back to revision ${to}.`);
  expect(report?.markdown).toContain("All alarms are quiet again.");
}
