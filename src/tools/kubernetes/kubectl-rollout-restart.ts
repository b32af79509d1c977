import * as z from "zod";
import { digest } from "#domain/digest.ts";
import {
  rawTemplate,
  refuseIdleRestart,
  restartDiff,
  restartedAt,
  restartedThen,
  restartImpact,
  restartOwners,
  restartWarnings,
} from "#domain/kubernetes/restart.ts";
import { kindWord, readWorkload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import { byHand } from "./by-hand.ts";
import { asRead, asReadSchema, changeAsRead, existing } from "./existing.ts";
import { marks } from "./marks.ts";
import { factsOf, workloadRefSchema } from "./observe.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchHealth } from "./watch-health.ts";
import { kindOf, workloadTypeField } from "./workload-type.ts";

export const kubectlRolloutRestart = defineAction({
  name: "kubectl_rollout_restart",
  title: "Restart a workload",
  description:
    "Restart the pods of a workload step by step; needs approval, then verifies the rollout.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "no",
  input: z.strictObject({
    deployment: kubeNameField.describe("Workload."),
    namespace: namespaceField,
    resource_type: workloadTypeField,
  }),
  planned: z.object({
    ref: workloadRefSchema,
    read: asReadSchema,
    restarted_before: z.string(),
    at: z.iso.datetime(),
  }),

  async plan({ deployment: name, namespace, resource_type }, { workloads, clock }, call) {
    const ref = { kind: kindOf[resource_type], namespace, name };
    const object = await existing(ref, workloads, call.signal);
    const workload = readWorkload(ref.kind, object);
    refuseIdleRestart(workload);
    const [expects, at] = [asRead(object), clock.now()];
    const facts = await factsOf(workload, { workloads, clock }, call.signal);
    const forbidden = await tryOut(
      [patchRight(ref)],
      () => workloads.restart(ref, at, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    return {
      target: { kind: kindWord(ref.kind), name, namespace },
      binds: { ...ref, uid: expects.uid, template: digest(rawTemplate(object)) },
      shows: {
        summary: `Restart ${workloadLabel(workload)} in namespace ${namespace}.`,
        diff: restartDiff(workload),
        impact: restartImpact(workload),
        warnings: [...forbidden, ...restartWarnings(workload, facts)],
        command: byHand(
          "kubectl",
          ["rollout", "restart", `${resource_type}/${name}`, "--namespace", namespace],
          call,
        ),
      },
      owners: restartOwners(workload),
      planned: {
        ref,
        read: expects,
        restarted_before: restartedAt(workload),
        at: at.toISOString(),
      },
    };
  },

  async apply({ ref, read, at }, { workloads }, call) {
    const annotations = marks(call);
    await changeAsRead(ref, read, workloads, call.signal, (expects) =>
      workloads.restart(ref, new Date(at), { expects, dryRun: false, annotations }, call.signal),
    );
    return {
      summary: `Restarted ${workloadLabel(ref)}.`,
      facts: { restarted_at: at },
    };
  },

  async settle({ ref, restarted_before, at }, { workloads }, call) {
    const object = await workloads.get(ref, call.signal);
    if (object === undefined) return "unknown";
    const workload = readWorkload(ref.kind, object);
    if (restartedThen(workload, new Date(at))) return "applied";
    return restartedAt(workload) === restarted_before ? "not_applied" : "unknown";
  },

  verify: ({ ref }, ports, call) => watchHealth([ref], ports, call),
});
