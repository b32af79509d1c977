import * as z from "zod";
import { scaleImpact } from "#domain/helm/scale.ts";
import { podResources, times } from "#domain/kubernetes/pod-resources.ts";
import { budgetWarnings, countOwners, countWarnings } from "#domain/kubernetes/scale.ts";
import { standing, standingSchema } from "#domain/kubernetes/standing.ts";
import {
  kindWord,
  readWorkload,
  type Workload,
  workloadLabel,
} from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import { capacityWarnings, inFront, sight } from "./around.ts";
import { byHand } from "./by-hand.ts";
import { asRead, asReadSchema, changeAsRead, existing } from "./existing.ts";
import { marks } from "./marks.ts";
import { autoscalersIn, factsOf, workloadRefSchema } from "./observe.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchChange } from "./watch-change.ts";
import { kindOf } from "./workload-type.ts";

/** More than any one workload runs; a slip of the finger is refused. */
const MOST_REPLICAS = 1000;

export const kubectlScale = defineAction({
  name: "kubectl_scale",
  title: "Scale a workload",
  description:
    "Set a workload's replicas; needs approval, then verifies. Refused where an autoscaler owns them.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("Workload."),
    replicas: intField(0, MOST_REPLICAS).describe("Replicas."),
    namespace: namespaceField,
    resource_type: z.enum(["deployment", "statefulset"]).default("deployment").describe("Kind."),
  }),
  planned: z.object({
    ref: workloadRefSchema,
    read: asReadSchema,
    from: z.int(),
    to: z.int(),
    before: standingSchema,
  }),

  async plan({ name, replicas: to, namespace, resource_type }, ports, call) {
    const { workloads } = ports;
    const ref = { kind: kindOf[resource_type], namespace, name };
    const object = await existing(ref, workloads, call.signal);
    const workload = readWorkload(ref.kind, object);
    const [from, expects] = [workload.desired, asRead(object)];
    if (from === to) throw alreadyThere(workload);
    const forbidden = await tryOut(
      [patchRight(ref)],
      () => workloads.scale(ref, to, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    const [facts, autoscalers, budgets, capacity] = await Promise.all([
      factsOf(workload, ports, call.signal),
      autoscalersIn(namespace, workloads, call.signal),
      sight("poddisruptionbudgets", namespace, workloads, call.signal),
      roomFor(workload, to - from, workloads, call.signal),
    ]);
    const front = await inFront(workload, facts, workloads, call.signal);
    const label = workloadLabel(workload);
    return {
      target: { kind: kindWord(ref.kind), name, namespace },
      binds: { ...ref, uid: expects.uid, from, to },
      shows: {
        summary: `Scale ${label} in namespace ${namespace} from ${from} to ${to}.`,
        diff: `${kindWord(ref.kind)} ${name}\n  spec.replicas: ${from} → ${to}`,
        impact: `${scaleImpact(workload, to)} ${front}`,
        warnings: [
          ...forbidden,
          ...countWarnings(workload, facts, to, autoscalers.unseen),
          ...budgetWarnings(workload, to, budgets.items),
          ...capacity,
        ],
        command: byHand(
          "kubectl",
          [
            ...["scale", label, `--replicas=${to}`, `--current-replicas=${from}`],
            ...["--namespace", namespace],
          ],
          call,
        ),
      },
      owners: countOwners(workload, autoscalers),
      undo: { tool: "kubectl_scale", args: { name, replicas: from, namespace, resource_type } },
      planned: { ref, read: expects, from, to, before: standing(workload, facts) },
    };
  },

  async apply({ ref, read, from, to }, { workloads }, call) {
    const annotations = marks(call);
    await changeAsRead(ref, read, workloads, call.signal, (expects) =>
      workloads.scale(ref, to, { expects, dryRun: false, annotations }, call.signal),
    );
    return { summary: `Scaled ${workloadLabel(ref)} from ${from} to ${to}.`, facts: { from, to } };
  },

  async settle({ ref, from, to }, { workloads }, call) {
    const object = await workloads.get(ref, call.signal);
    const now = object && readWorkload(ref.kind, object).desired;
    if (now === to) return "applied";
    return now === from ? "not_applied" : "unknown";
  },

  verify: ({ ref, to, before }, ports, call) =>
    watchChange(
      ref,
      before,
      (object) => {
        const now = readWorkload(ref.kind, object).desired;
        return { ok: now === to, evidence: `${now} replicas asked for, ${to} wanted.` };
      },
      ports,
      call,
    ),
});

/** Whether quotas and nodes can carry so many more pods of the workload. */
async function roomFor(
  { namespace, template }: Workload,
  more: number,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (more <= 0) return [];
  const pod = podResources(template.spec);
  return capacityWarnings(
    { namespace, pod, pods: more, growth: { pods: more, ...times(more, pod) }, leaving: new Set() },
    workloads,
    signal,
  );
}

function alreadyThere(workload: Workload): OpsError {
  return new OpsError(
    "no_change",
    `${workloadLabel(workload)} already has ${workload.desired} replicas.`,
    "Look at its rollout with kubectl_rollout_status if fewer of them are ready.",
  );
}
