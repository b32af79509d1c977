import * as z from "zod";
import type { Verification } from "#domain/approvals/action.ts";
import { specOwners } from "#domain/kubernetes/change-owners.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { rolloutState } from "#domain/kubernetes/rollout.ts";
import { standingSchema } from "#domain/kubernetes/standing.ts";
import { readWorkload, type Workload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { SECOND } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { inFront } from "./around.ts";
import { byHand } from "./by-hand.ts";
import { type Examined, examine } from "./examine.ts";
import { asReadSchema, changeAsRead } from "./existing.ts";
import { marks } from "./marks.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchChange } from "./watch-change.ts";

/** In which a controller sees the change. */
const SETTLING = 10 * SECOND;
/** A controller that heeds the pause starts no pod in this time; one that does not would. */
const STILL = 30 * SECOND;

export const kubectlRolloutPause = defineAction({
  name: "kubectl_rollout_pause",
  title: "Pause or resume a rollout",
  description: "Pause or resume a Deployment's rollout; needs approval, then verifies.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "low",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("Deployment."),
    paused: z.boolean().describe("False resumes."),
    namespace: namespaceField,
  }),
  planned: z.object({
    name: z.string(),
    namespace: z.string(),
    paused: z.boolean(),
    read: asReadSchema,
    before: standingSchema,
  }),

  async plan({ name, paused, namespace }, ports, call) {
    const { workloads } = ports;
    const ref = refOf({ name, namespace });
    const seen = await examine(ref, ports, call.signal);
    const { workload, facts, label, expects, before } = seen;
    if (workload.paused === paused) throw soAlready(label, paused);
    const forbidden = await tryOut(
      [patchRight(ref)],
      () => workloads.setPaused(ref, paused, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    const front = await inFront(workload, facts, workloads, call.signal);
    return {
      target: { kind: "Deployment", name, namespace },
      binds: { ...ref, uid: expects.uid, paused },
      shows: {
        summary: `${paused ? "Pause" : "Resume"} the rollout of ${label} in namespace ${namespace}.`,
        diff: `Deployment ${name}\n  spec.paused: ${!paused} → ${paused}`,
        impact: `${impact(workload, paused)} ${front}`,
        warnings: [...forbidden, ...(paused ? pauseWarnings(label) : resumeWarnings(seen))],
        command: byHand(
          "kubectl",
          ["rollout", paused ? "pause" : "resume", label, "--namespace", namespace],
          call,
        ),
      },
      owners: specOwners(workload),
      undo: { tool: "kubectl_rollout_pause", args: { name, paused: !paused, namespace } },
      planned: { name, namespace, paused, read: expects, before },
    };
  },

  async apply({ paused, read, ...at }, { workloads }, call) {
    const ref = refOf(at);
    const annotations = marks(call);
    await changeAsRead(ref, read, workloads, call.signal, (expects) =>
      workloads.setPaused(ref, paused, { expects, dryRun: false, annotations }, call.signal),
    );
    return {
      summary: `${paused ? "Paused" : "Resumed"} ${workloadLabel(ref)}.`,
      facts: { paused },
    };
  },

  async settle({ paused, ...at }, { workloads }, call) {
    const object = await workloads.get(refOf(at), call.signal);
    if (!object) return "unknown";
    return readWorkload("deployments", object).paused === paused ? "applied" : "not_applied";
  },

  verify: ({ paused, before, ...at }, ports, call) =>
    paused
      ? standsStill(refOf(at), ports, call)
      : watchChange(refOf(at), before, (object) => isSet(object, false), ports, call),
});

function refOf({ name, namespace }: Pick<WorkloadRef, "name" | "namespace">) {
  return { kind: "deployments", namespace, name } as const;
}

function isSet(object: KubeObject, paused: boolean) {
  const ok = readWorkload("deployments", object).paused === paused;
  return { ok, evidence: `It is ${ok === paused ? "paused" : "not paused"}.` };
}

/** A pause is kept when it is set, the controller has seen it, and no pod of the new template came meanwhile. */
async function standsStill(
  ref: WorkloadRef,
  { workloads, clock }: Pick<Ports, "workloads" | "clock">,
  call: Call,
): Promise<Omit<Verification, "at">> {
  const counts: number[] = [];
  let last: KubeObject | undefined;
  for (const wait of [SETTLING, STILL]) {
    await clock.sleep(wait, call.signal);
    last = await workloads.get(ref, call.signal);
    counts.push(last ? readWorkload(ref.kind, last).updated : -1);
  }
  const label = workloadLabel(ref);
  if (!last) return { outcome: "failed", checks: [gone(label)] };
  const { observedGeneration, generation, desired } = readWorkload(ref.kind, last);
  const [first, then] = counts;
  const checks = [
    { name: `${label}: change kept`, ...isSet(last, true) },
    {
      name: `${label}: seen by its controller`,
      ok: observedGeneration >= generation,
      evidence: `Generation ${observedGeneration} of ${generation}.`,
    },
    {
      name: `${label}: stands still`,
      ok: first === then,
      evidence: `${then} of ${desired} run the newest template, ${first} of them ${STILL / SECOND} seconds before.`,
    },
  ];
  const set = checks[0]?.ok === true;
  const outcome = checks.every(({ ok }) => ok) ? "passed" : set ? "inconclusive" : "failed";
  return { outcome, checks };
}

function gone(label: string) {
  return { name: `${label}: can be seen`, ok: false, evidence: "It does not exist." };
}

function impact({ updated, desired, current }: Workload, paused: boolean): string {
  if (paused) return `Keeps its ${current} pods; ${updated} of ${desired} run the newest template.`;
  const left = Math.max(0, desired - updated);
  return left === 0
    ? "All its pods run the newest template: none is replaced."
    : `Replaces ${left} of its ${desired} pods, step by step.`;
}

function pauseWarnings(label: string): readonly string[] {
  return [
    `Until somebody resumes ${label}, no restart, image or other change of its template reaches its pods, and deploys wait in vain. Scaling works.`,
  ];
}

function resumeWarnings({ workload, facts }: Examined): readonly string[] {
  const { state, why } = rolloutState({ ...workload, paused: false }, facts);
  return state === "stuck"
    ? [`Its rollout is stuck, and resuming does not change why: ${why}`]
    : [];
}

function soAlready(label: string, paused: boolean): OpsError {
  return new OpsError(
    "no_change",
    `${label} is ${paused ? "paused already" : "not paused"}.`,
    "Look at its rollout with kubectl_rollout_status.",
  );
}
