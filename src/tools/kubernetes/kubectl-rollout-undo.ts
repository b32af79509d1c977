import * as z from "zod";
import { verdictsOn } from "#domain/helm/healthy.ts";
import { helmWarning, specOwners } from "#domain/kubernetes/change-owners.ts";
import { rawTemplate, restartImpact } from "#domain/kubernetes/restart.ts";
import { rolloutHistory } from "#domain/kubernetes/rollout-history.ts";
import {
  digestNow,
  revisionText,
  templateDigest,
  templateObject,
  undoDiff,
  undoTarget,
  undoWarnings,
} from "#domain/kubernetes/rollout-undo.ts";
import { refusePaused, rolloutWarnings } from "#domain/kubernetes/rollout-warnings.ts";
import { standingSchema } from "#domain/kubernetes/standing.ts";
import { kindWord, readWorkload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { inFront } from "./around.ts";
import { byHand } from "./by-hand.ts";
import { type Examined, examine, nextRevision } from "./examine.ts";
import { asReadSchema, changeAsRead, existing } from "./existing.ts";
import { keptRevisions } from "./keepers.ts";
import { marks } from "./marks.ts";
import { workloadRefSchema } from "./observe.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchChange } from "./watch-change.ts";
import { kindOf, workloadTypeField } from "./workload-type.ts";

/** Actions that are searched for verifications of this workload's revisions. */
const MOST_ACTIONS = 200;

type UndoPorts = Pick<Ports, "workloads" | "clock" | "actions">;

export const kubectlRolloutUndo = defineAction({
  name: "kubectl_rollout_undo",
  title: "Return to an earlier revision",
  description:
    "Return a workload to an earlier revision; needs approval, then verifies. Of a Helm release prefer helm_rollback.",
  needs: ["workloads", "actions", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "partial",
  input: z.strictObject({
    name: kubeNameField.describe("Workload."),
    to_revision: intField(1, 2 ** 31)
      .optional()
      .describe("Default: newest earlier one not known bad."),
    namespace: namespaceField,
    resource_type: workloadTypeField,
  }),
  planned: z.object({
    ref: workloadRefSchema,
    read: asReadSchema,
    from_revision: z.int(),
    to_revision: z.int(),
    /** Digests of the two templates. */
    from: z.string(),
    to: z.string(),
    new_revision: z.int(),
    before: standingSchema,
  }),

  async plan({ name, to_revision: asked, namespace, resource_type }, ports, call) {
    const { workloads } = ports;
    const ref = { kind: kindOf[resource_type], namespace, name };
    const seen = await examine(ref, ports, call.signal);
    const { object, workload, facts, label, expects, before } = seen;
    refusePaused(workload);
    const now = rawTemplate(object);
    const target = undoTarget(label, now, await entriesOf(seen, ports, call), asked);
    const template = templateObject(target.template);
    const forbidden = await tryOut(
      [patchRight(ref)],
      () => workloads.setTemplate(ref, template, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    const [from, to] = [digestNow(object), templateDigest(template)];
    const front = await inFront(workload, facts, workloads, call.signal);
    const [from_revision, to_revision] = [nextRevision(seen) - 1, target.revision];
    return {
      target: { kind: kindWord(ref.kind), name, namespace },
      binds: { ...ref, uid: expects.uid, from, to, to_revision },
      shows: {
        summary: `Return ${label} in namespace ${namespace} to ${revisionText(target)}.`,
        diff: undoDiff(`${kindWord(ref.kind)} ${name}`, now, target),
        impact: `${restartImpact(workload)} ${front}`,
        warnings: [
          ...forbidden,
          ...undoWarnings(target),
          ...rolloutWarnings(workload, facts),
          ...helmWarning(
            workload,
            "; helm_rollback would return the whole release, its ConfigMaps too",
          ),
        ],
        command: undoCommand(label, to_revision, namespace, call),
      },
      owners: specOwners(workload),
      undo: {
        tool: "kubectl_rollout_undo",
        args: { name, to_revision: from_revision, namespace, resource_type },
      },
      planned: {
        ...{ ref, read: expects, from_revision, to_revision, from, to },
        ...{ new_revision: nextRevision(seen), before },
      },
    };
  },

  async apply(planned, ports, call) {
    const { ref, read, from_revision, to_revision, to, new_revision } = planned;
    const template = await keptTemplate(ref, to, ports, call);
    const annotations = marks(call);
    await changeAsRead(ref, read, ports.workloads, call.signal, (expects) =>
      ports.workloads.setTemplate(
        ref,
        template,
        { expects, dryRun: false, annotations },
        call.signal,
      ),
    );
    const summary = `${workloadLabel(ref)} has the template of revision ${to_revision} again.`;
    return { summary, facts: { from_revision, to_revision, new_revision } };
  },

  async settle({ ref, from, to }, { workloads }, call) {
    const object = await workloads.get(ref, call.signal);
    const now = object && digestNow(object);
    if (now === to) return "applied";
    return now === from ? "not_applied" : "unknown";
  },

  verify: ({ ref, to, before }, ports, call) =>
    watchChange(
      ref,
      before,
      (object) => {
        const ok = digestNow(object) === to;
        return { ok, evidence: `Its template is ${ok ? "that" : "not that"} of the revision.` };
      },
      ports,
      call,
    ),
});

async function entriesOf(
  { workload, revisions, facts, ref }: Examined,
  ports: UndoPorts,
  call: Call,
) {
  const { namespace, name } = ref;
  const subject = { kind: kindWord(ref.kind), namespace, name };
  const known = verdictsOn(await ports.actions.list(MOST_ACTIONS), subject, call.place);
  return rolloutHistory(workload, revisions, facts, known);
}

/** The template itself is never stored: its controller keeps it. */
async function keptTemplate(ref: WorkloadRef, to: string, ports: UndoPorts, call: Call) {
  const workload = readWorkload(ref.kind, await existing(ref, ports.workloads, call.signal));
  const { revisions } = await keptRevisions(workload, ports, call.signal);
  const kept = revisions.find(({ template }) => templateDigest(template) === to)?.template;
  if (kept !== undefined) return templateObject(kept);
  throw new OpsError(
    "conflict",
    `${workloadLabel(ref)} no longer keeps the revision. Nothing was changed.`,
    "Look at what it keeps with kubectl_rollout_history, and plan anew.",
  );
}

function undoCommand(label: string, revision: number, namespace: string, call: Call): string {
  const words = ["rollout", "undo", label, `--to-revision=${revision}`, "--namespace", namespace];
  return byHand("kubectl", words, call);
}
