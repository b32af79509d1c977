import * as z from "zod";
import { helmWarning, specOwners } from "#domain/kubernetes/change-owners.ts";
import { imageParts, imageWarnings } from "#domain/kubernetes/image.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { containerPath, oneContainer } from "#domain/kubernetes/one-container.ts";
import { restartImpact } from "#domain/kubernetes/restart.ts";
import { refusePaused, rolloutWarnings } from "#domain/kubernetes/rollout-warnings.ts";
import { standingSchema } from "#domain/kubernetes/standing.ts";
import { kindWord, readWorkload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { WorkloadRef } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import { inFront } from "./around.ts";
import { byHand } from "./by-hand.ts";
import { examine, nextRevision } from "./examine.ts";
import { asReadSchema, changeAsRead } from "./existing.ts";
import { marks } from "./marks.ts";
import { workloadRefSchema } from "./observe.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchChange } from "./watch-change.ts";
import { kindOf, workloadTypeField } from "./workload-type.ts";

const MAX_IMAGE = 512;

const imageField = z
  .string()
  .refine((image) => image.length <= MAX_IMAGE && imageParts(image) !== undefined, {
    error: "must be an image such as registry.example.com/team/app:v1.2.3",
  });

export const kubectlSetImage = defineAction({
  name: "kubectl_set_image",
  title: "Set a container's image",
  description: "Set a container's image; needs approval, then verifies the new pods.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "high",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("Workload."),
    image: imageField.describe("With tag or digest."),
    container: kubeNameField.optional().describe("If it has several."),
    namespace: namespaceField,
    resource_type: workloadTypeField,
  }),
  planned: z.object({
    ref: workloadRefSchema,
    read: asReadSchema,
    container: z.string(),
    list: z.enum(["containers", "initContainers"]),
    from: z.string(),
    to: z.string(),
    new_revision: z.int(),
    before: standingSchema,
  }),

  async plan({ name, image: to, container: asked, namespace, resource_type }, ports, call) {
    const { workloads } = ports;
    const ref = { kind: kindOf[resource_type], namespace, name };
    const seen = await examine(ref, ports, call.signal);
    const { workload, facts, label, expects } = seen;
    const found = oneContainer(workload, asked);
    const { list, container } = found;
    const from = container.image;
    if (from === to) throw sameAlready(label, container.name, to);
    refusePaused(workload);
    const change = { list, name: container.name, image: to };
    const forbidden = await tryOut(
      [patchRight(ref)],
      () => workloads.setContainer(ref, change, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    const front = await inFront(workload, facts, workloads, call.signal);
    const known = seen.revisions.flatMap(({ images }) => images);
    return {
      target: { kind: kindWord(ref.kind), name, namespace },
      binds: { ...ref, uid: expects.uid, container: container.name, from, to },
      shows: {
        summary: `Set the image of container ${container.name} of ${label} in namespace ${namespace}.`,
        diff: `${kindWord(ref.kind)} ${name}\n  ${containerPath(found, "image")}: ${from} → ${to}`,
        impact: `${restartImpact(workload)} ${front}`,
        warnings: [
          ...forbidden,
          ...imageWarnings(from, to, known),
          ...rolloutWarnings(workload, facts),
          ...helmWarning(workload, ""),
        ],
        command: byHand(
          "kubectl",
          ["set", "image", label, `${container.name}=${to}`, "--namespace", namespace],
          call,
        ),
      },
      owners: specOwners(workload),
      undo: {
        tool: "kubectl_set_image",
        args: { name, image: from, container: container.name, namespace, resource_type },
      },
      planned: {
        ...{ ref, read: expects, container: container.name, list, from, to },
        ...{ new_revision: nextRevision(seen), before: seen.before },
      },
    };
  },

  async apply({ ref, read, list, container: name, from, to, new_revision }, { workloads }, call) {
    const change = { list, name, image: to };
    const annotations = marks(call);
    await changeAsRead(ref, read, workloads, call.signal, (expects) =>
      workloads.setContainer(ref, change, { expects, dryRun: false, annotations }, call.signal),
    );
    const summary = `Set the image of ${name} of ${workloadLabel(ref)} to ${to}.`;
    return { summary, facts: { from, to, new_revision } };
  },

  async settle({ ref, container, from, to }, { workloads }, call) {
    const object = await workloads.get(ref, call.signal);
    const now = object && imageIn(ref, object, container);
    if (now === to) return "applied";
    return now === from ? "not_applied" : "unknown";
  },

  verify: ({ ref, container, to, before }, ports, call) =>
    watchChange(
      ref,
      before,
      (object) => {
        const now = imageIn(ref, object, container);
        return { ok: now === to, evidence: `${container} runs ${now ?? "nothing"}.` };
      },
      ports,
      call,
    ),
});

function imageIn(
  { kind }: Pick<WorkloadRef, "kind">,
  object: KubeObject,
  container: string,
): string | undefined {
  const { containers, initContainers } = readWorkload(kind, object).template.spec;
  return [...containers, ...initContainers].find(({ name }) => name === container)?.image;
}

function sameAlready(label: string, container: string, image: string): OpsError {
  return new OpsError(
    "no_change",
    `Container ${container} of ${label} already has the image ${image}.`,
    "kubectl_rollout_restart replaces the pods with the same image, if that is meant.",
  );
}
