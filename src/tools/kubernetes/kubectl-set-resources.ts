import * as z from "zod";
import { helmWarning, specOwners } from "#domain/kubernetes/change-owners.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { oneContainer } from "#domain/kubernetes/one-container.ts";
import { amount } from "#domain/kubernetes/quantity.ts";
import {
  backwards,
  changedSettings,
  hasSettings,
  NONE,
  requireSound,
  resourceOptions,
  resourcePatch,
  type SettingChange,
  settingChangeSchema,
  settingLines,
  settingWarnings,
  withSettings,
} from "#domain/kubernetes/resource-change.ts";
import { restartImpact } from "#domain/kubernetes/restart.ts";
import { refusePaused, rolloutWarnings } from "#domain/kubernetes/rollout-warnings.ts";
import { standingSchema } from "#domain/kubernetes/standing.ts";
import type { Container } from "#domain/kubernetes/template.ts";
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
import { whatResourcesMeet } from "./resource-effects.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchChange } from "./watch-change.ts";
import { kindOf, workloadTypeField } from "./workload-type.ts";

/** Cores and bytes beyond which, or below which, a unit was mistaken. */
const MOST_CORES = 1_024;
const LEAST_BYTES = 2 ** 20;

const cpuField = quantityField(
  (cores) => cores > 0 && cores <= MOST_CORES,
  'must be cores such as 500m or 1.5, or "none"',
);
const memoryField = quantityField(
  (bytes) => bytes >= LEAST_BYTES,
  'must be memory such as 512Mi or 2Gi ("m" is a thousandth of a byte), or "none"',
);

function quantityField(fits: (value: number) => boolean, error: string) {
  return z
    .string()
    .refine((text) => text === NONE || fits(amount(text) ?? 0), { error })
    .optional();
}

export const kubectlSetResources = defineAction({
  name: "kubectl_set_resources",
  title: "Set a container's resources",
  description: "Set a container's CPU and memory; needs approval, then verifies the new pods.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("Workload."),
    container: kubeNameField.optional().describe("If it has several."),
    cpu_request: cpuField.describe('"none" removes it.'),
    cpu_limit: cpuField.describe("As above."),
    memory_request: memoryField.describe("As above."),
    memory_limit: memoryField.describe("As above."),
    namespace: namespaceField,
    resource_type: workloadTypeField,
  }),
  planned: z.object({
    ref: workloadRefSchema,
    read: asReadSchema,
    container: z.string(),
    list: z.enum(["containers", "initContainers"]),
    settings: z.array(settingChangeSchema),
    new_revision: z.int(),
    before: standingSchema,
  }),

  async plan({ name, container: asked, namespace, resource_type, ...wanted }, ports, call) {
    const { workloads } = ports;
    const ref = { kind: kindOf[resource_type], namespace, name };
    const seen = await examine(ref, ports, call.signal);
    const { workload, facts, label, expects } = seen;
    const found = oneContainer(workload, asked);
    const { container: now, list } = found;
    const settings = changedSettings(now, wanted);
    if (settings.length === 0) throw nothingToSet(label, now.name, wanted);
    refusePaused(workload);
    const after = withSettings(now, settings);
    requireSound(after);
    const change = { list, name: now.name, resources: resourcePatch(settings) };
    const forbidden = await tryOut(
      [patchRight(ref)],
      () => workloads.setContainer(ref, change, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    const front = await inFront(workload, facts, workloads, call.signal);
    const met = await whatResourcesMeet(seen, after, settings, workloads, call.signal);
    const back = { container: now.name, ...backwards(settings) };
    return {
      target: { kind: kindWord(ref.kind), name, namespace },
      binds: { ...ref, uid: expects.uid, container: now.name, settings },
      shows: {
        summary: `Set resources of container ${now.name} of ${label} in namespace ${namespace}.`,
        diff: [`${kindWord(ref.kind)} ${name}`, ...settingLines(found, settings)].join("\n"),
        impact: `${restartImpact(workload)} ${front}`,
        warnings: [
          ...forbidden,
          ...settingWarnings(settings),
          ...met,
          ...rolloutWarnings(workload, facts),
          ...helmWarning(workload, ""),
        ],
        command: byHand("kubectl", setCommand(ref, now.name, settings), call),
      },
      owners: specOwners(workload),
      undo: { tool: "kubectl_set_resources", args: { name, ...back, namespace, resource_type } },
      planned: {
        ...{ ref, read: expects, container: now.name, list, settings },
        ...{ new_revision: nextRevision(seen), before: seen.before },
      },
    };
  },

  async apply(planned, { workloads }, call) {
    const { ref, read, list, container: name, settings, new_revision } = planned;
    const change = { list, name, resources: resourcePatch(settings) };
    const annotations = marks(call);
    await changeAsRead(ref, read, workloads, call.signal, (expects) =>
      workloads.setContainer(ref, change, { expects, dryRun: false, annotations }, call.signal),
    );
    const summary = `Set resources of ${name} of ${workloadLabel(ref)}.`;
    return { summary, facts: { new_revision } };
  },

  async settle({ ref, container, settings }, { workloads }, call) {
    const object = await workloads.get(ref, call.signal);
    const now = object && containerIn(ref, object, container);
    if (!now) return "unknown";
    if (hasSettings(now, settings, "to")) return "applied";
    return hasSettings(now, settings, "from") ? "not_applied" : "unknown";
  },

  verify: ({ ref, container, settings, before }, ports, call) =>
    watchChange(
      ref,
      before,
      (object) => {
        const now = containerIn(ref, object, container);
        const ok = now !== undefined && hasSettings(now, settings, "to");
        const evidence = ok ? "It has the new resources." : "It does not have the new resources.";
        return { ok, evidence };
      },
      ports,
      call,
    ),
});

function setCommand(
  { namespace, ...ref }: WorkloadRef,
  name: string,
  settings: readonly SettingChange[],
): readonly string[] {
  return [
    ...["set", "resources", workloadLabel(ref), "--containers", name],
    ...resourceOptions(settings),
    ...["--namespace", namespace],
  ];
}

function containerIn(
  { kind }: Pick<WorkloadRef, "kind">,
  object: KubeObject,
  container: string,
): Container | undefined {
  const { containers, initContainers } = readWorkload(kind, object).template.spec;
  return [...containers, ...initContainers].find(({ name }) => name === container);
}

function nothingToSet(label: string, container: string, wanted: object): OpsError {
  if (Object.values(wanted).every((value) => value === undefined)) {
    return new OpsError(
      "invalid_input",
      "No request and no limit is given.",
      "Give one or more of cpu_request, cpu_limit, memory_request and memory_limit.",
    );
  }
  return new OpsError(
    "no_change",
    `Container ${container} of ${label} already has these resources.`,
    "Look at the pods with kubectl_rollout_status: they may be in trouble for another reason.",
  );
}
