import * as z from "zod";
import { manifestWorkloads, parseManifest } from "#domain/helm/manifest.ts";
import type { ReleaseRef } from "#domain/helm/release.ts";
import { scalableWorkload, scaleImpact, scaleWarnings } from "#domain/helm/scale.ts";
import { settledRevision } from "#domain/helm/target.ts";
import { gitOpsOwners, replicaOwners } from "#domain/kubernetes/ownership.ts";
import { kindWord, readWorkload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import { byHand } from "#tools/kubernetes/by-hand.ts";
import { asRead, asReadSchema, changeAsRead, existing } from "#tools/kubernetes/existing.ts";
import { marks } from "#tools/kubernetes/marks.ts";
import { autoscalersIn, factsOf, workloadRefSchema } from "#tools/kubernetes/observe.ts";
import { patchRight, tryOut } from "#tools/kubernetes/try-out.ts";
import { watchHealth } from "#tools/kubernetes/watch-health.ts";
import type { Call } from "#tools/tool.ts";
import { releaseHistory } from "./find-release.ts";

/** More than any workload of a chart runs; a slip of the finger is refused. */
const MOST_REPLICAS = 1000;

export const helmScale = defineAction({
  name: "helm_scale",
  title: "Scale a workload of a Helm release",
  description:
    "Set the replicas of a Helm release's workload; needs approval, then verifies the pods. The next upgrade undoes it.",
  needs: ["releases", "workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "yes",
  input: z.strictObject({
    release: kubeNameField.describe("Helm release."),
    replicas: intField(0, MOST_REPLICAS).describe("Replicas to run."),
    namespace: namespaceField,
    workload: kubeNameField.optional().describe("Which one, when the release has several."),
  }),
  planned: z.object({
    ref: workloadRefSchema,
    read: asReadSchema,
    from: z.int(),
    to: z.int(),
  }),

  async plan({ release: name, replicas, namespace, workload: asked }, ports, call) {
    const release = { name, namespace };
    const ref = await findWorkload(release, asked, ports, call);
    const object = await existing(ref, ports.workloads, call.signal);
    const workload = readWorkload(ref.kind, object);
    const [from, expects] = [workload.desired, asRead(object)];
    if (from === replicas) throw alreadyThere(workloadLabel(workload), replicas);
    const [facts, autoscalers, forbidden] = await Promise.all([
      factsOf(workload, ports, call.signal),
      autoscalersIn(ref.namespace, ports.workloads, call.signal),
      tryOut(
        [patchRight(ref)],
        () => ports.workloads.scale(ref, replicas, { expects, dryRun: true }, call.signal),
        ports.workloads,
        call,
      ),
    ]);
    const label = workloadLabel(workload);
    const undo = { release: name, namespace, workload: ref.name, replicas: from };
    return {
      target: { kind: kindWord(ref.kind), name: ref.name, namespace: ref.namespace },
      binds: { release: name, ...ref, uid: expects.uid, from, to: replicas },
      shows: {
        summary: `Scale ${label} of release ${name} from ${from} to ${replicas}.`,
        diff: `${kindWord(ref.kind)} ${ref.name}\n  spec.replicas: ${from} → ${replicas}`,
        impact: scaleImpact(workload, replicas),
        warnings: [...forbidden, ...scaleWarnings(workload, facts, replicas, autoscalers.unseen)],
        command: byHand(
          "kubectl",
          [
            ...["scale", label, `--replicas=${replicas}`, `--current-replicas=${from}`],
            ...["--namespace", ref.namespace],
          ],
          call,
        ),
      },
      owners: [...replicaOwners(workload, autoscalers), ...gitOpsOwners(workload)],
      undo: { tool: "helm_scale", args: undo },
      planned: { ref, read: expects, from, to: replicas },
    };
  },

  async apply({ ref, read, from, to }, { workloads }, call) {
    const annotations = marks(call);
    await changeAsRead(ref, read, workloads, call.signal, (expects) =>
      workloads.scale(ref, to, { expects, dryRun: false, annotations }, call.signal),
    );
    const summary = `Scaled ${workloadLabel(ref)} from ${from} to ${to}.`;
    return { summary, facts: { from, to } };
  },

  async settle({ ref, from, to }, { workloads }, call) {
    const object = await workloads.get(ref, call.signal);
    const now = object && readWorkload(ref.kind, object).desired;
    if (now === to) return "applied";
    return now === from ? "not_applied" : "unknown";
  },

  async verify({ ref, to }, ports, call) {
    const health = await watchHealth([ref], ports, call);
    const object = await ports.workloads.get(ref, call.signal);
    const now = object && readWorkload(ref.kind, object).desired;
    const name = `${workloadLabel(ref)}: count kept`;
    const evidence = `${now ?? "No"} replicas asked for, ${to} wanted.`;
    const checks = [{ name, ok: now === to, evidence }, ...health.checks];
    return { outcome: now === to ? health.outcome : "failed", checks };
  },
});

async function findWorkload(
  release: ReleaseRef,
  asked: string | undefined,
  { releases }: Pick<Ports, "releases">,
  call: Call,
) {
  const history = await releaseHistory(releases, release, call.signal);
  const { revision } = settledRevision(history, release.name);
  const { manifest } = await releases.content(release, revision, call.signal);
  const workloads = manifestWorkloads(parseManifest(manifest), release.namespace);
  const { kind, namespace, name } = scalableWorkload(release.name, workloads, asked);
  return { kind, namespace, name };
}

function alreadyThere(label: string, replicas: number): OpsError {
  return new OpsError(
    "no_change",
    `${label} already has ${replicas} replicas.`,
    "Look at its rollout with kubectl_rollout_status if fewer of them are ready.",
  );
}
