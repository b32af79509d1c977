import * as z from "zod";
import { helmWarning } from "#domain/kubernetes/change-owners.ts";
import type { ReplicaBounds } from "#domain/kubernetes/container-change.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { podResources, times } from "#domain/kubernetes/pod-resources.ts";
import {
  askedBounds,
  boundsImpact,
  boundsOwners,
  boundsText,
  boundsWarnings,
  countUnder,
  readScaler,
  targetKind,
} from "#domain/kubernetes/replica-bounds.ts";
import { standingSchema } from "#domain/kubernetes/standing.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { NamespacedName, Precondition, Workloads } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import { capacityWarnings, inFront } from "./around.ts";
import { byHand } from "./by-hand.ts";
import { type Examined, examine } from "./examine.ts";
import { type AsRead, asRead, asReadSchema, changeWhile, existing } from "./existing.ts";
import { marks } from "./marks.ts";
import { workloadRefSchema } from "./observe.ts";
import { tryOut } from "./try-out.ts";
import { watchChange } from "./watch-change.ts";

/** More than any one workload runs; a slip of the finger is refused. */
const MOST_REPLICAS = 1000;
const bound = intField(1, MOST_REPLICAS).optional();
const boundsSchema = z.object({ min: z.int(), max: z.int() });

export const kubectlSetHpaBounds = defineAction({
  name: "kubectl_set_hpa_bounds",
  title: "Set an autoscaler's bounds",
  description:
    "Set how few and how many replicas an autoscaler may run; needs approval, then verifies.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("HorizontalPodAutoscaler."),
    min_replicas: bound.describe("Fewest replicas."),
    max_replicas: bound.describe("Most replicas."),
    namespace: namespaceField,
  }),
  planned: z.object({
    name: z.string(),
    namespace: z.string(),
    read: asReadSchema,
    from: boundsSchema,
    to: boundsSchema,
    target: workloadRefSchema,
    before: standingSchema,
  }),

  async plan({ name, min_replicas, max_replicas, namespace }, ports, call) {
    const { workloads } = ports;
    const ref = { kind: "horizontalpodautoscalers", namespace, name } as const;
    const object = await existing(ref, workloads, call.signal);
    const scaler = readScaler(object);
    const to = askedBounds(scaler, min_replicas, max_replicas);
    const [from, expects] = [{ min: scaler.min, max: scaler.max }, asRead(object)];
    const kind = targetKind(scaler);
    if (kind === undefined) throw unwatched(name, scaler.target.kind);
    const target = { kind, namespace, name: scaler.target.name };
    const seen = await examine(target, ports, call.signal);
    const forbidden = await tryOut(
      [{ verb: "patch", group: "autoscaling", resource: ref.kind, namespace, name }],
      () => workloads.setBounds(ref, to, { expects, dryRun: true }, call.signal),
      workloads,
      call,
    );
    const front = await inFront(seen.workload, seen.facts, workloads, call.signal);
    const capacity = await roomFor(seen, to, workloads, call.signal);
    return {
      target: { kind: "HorizontalPodAutoscaler", name, namespace },
      binds: { ...ref, uid: expects.uid, from, to },
      shows: {
        summary: `Let horizontalpodautoscaler/${name} in namespace ${namespace} run ${boundsText(to)}.`,
        diff: [`HorizontalPodAutoscaler ${name}`, ...diffLines(from, to)].join("\n"),
        impact: `${boundsImpact(scaler, to, seen.workload.desired)} ${front}`,
        warnings: [
          ...forbidden,
          ...boundsWarnings(scaler, to),
          ...capacity,
          ...helmWarning(object, ""),
        ],
        command: byHand(
          "kubectl",
          [
            ...["patch", "horizontalpodautoscaler", name, "--namespace", namespace],
            ...["--type", "merge", "-p", patchText(to)],
          ],
          call,
        ),
      },
      owners: boundsOwners(object),
      undo: {
        tool: "kubectl_set_hpa_bounds",
        args: { name, min_replicas: from.min, max_replicas: from.max, namespace },
      },
      planned: { name, namespace, read: expects, from, to, target, before: seen.before },
    };
  },

  async apply({ name, namespace, read, from, to }, { workloads }, call) {
    const annotations = marks(call);
    await asBounded({ name, namespace }, read, from, workloads, call.signal, (expects) =>
      workloads.setBounds(
        { name, namespace },
        to,
        { expects, dryRun: false, annotations },
        call.signal,
      ),
    );
    const summary = `horizontalpodautoscaler/${name} now runs ${boundsText(to)}.`;
    return { summary, facts: { from, to } };
  },

  async settle({ name, namespace, from, to }, { workloads }, call) {
    const now = await boundsNow({ name, namespace }, workloads, call.signal);
    if (now && same(now, to)) return "applied";
    return now && same(now, from) ? "not_applied" : "unknown";
  },

  async verify({ name, namespace, to, target, before }, ports, call) {
    const within = (count: number) => count === countUnder(to, count);
    const watched = await watchChange(
      target,
      before,
      (object) => {
        const replicas = readWorkload(target.kind, object).desired;
        return {
          ok: within(replicas),
          evidence: `${replicas} replicas asked for; ${boundsText(to)} allowed.`,
        };
      },
      ports,
      call,
    );
    const now = await boundsNow({ name, namespace }, ports.workloads, call.signal);
    const ok = now !== undefined && same(now, to);
    const evidence = now ? `It runs ${boundsText(now)}.` : "It does not exist.";
    const kept = { name: `horizontalpodautoscaler/${name}: change kept`, ok, evidence };
    return { outcome: ok ? watched.outcome : "failed", checks: [kept, ...watched.checks] };
  },
});

async function scalerNow(
  { namespace, name }: NamespacedName,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  return workloads.get({ kind: "horizontalpodautoscalers", namespace, name }, signal);
}

async function boundsNow(
  ref: NamespacedName,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<ReplicaBounds | undefined> {
  const object = await scalerNow(ref, workloads, signal);
  return object && readScaler(object);
}

/** An autoscaler's status moves all the time: while its bounds are as read, the change is made once more. */
async function asBounded(
  ref: NamespacedName,
  read: AsRead,
  from: ReplicaBounds,
  workloads: Workloads,
  signal: AbortSignal,
  change: (expects: Precondition) => Promise<unknown>,
): Promise<void> {
  const isSame = (fresh: KubeObject) =>
    fresh.metadata.uid === read.uid && same(readScaler(fresh), from);
  await changeWhile(isSame, () => scalerNow(ref, workloads, signal), read, change);
}

function same(a: ReplicaBounds, b: ReplicaBounds): boolean {
  return a.min === b.min && a.max === b.max;
}

/** Whether quotas and nodes can carry the pods that a higher minimum adds, or that a higher maximum may add. */
async function roomFor(
  { workload }: Examined,
  to: ReplicaBounds,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const more = to.max - workload.desired;
  if (more <= 0) return [];
  const { namespace, template } = workload;
  const pod = podResources(template.spec);
  const growth = { pods: more, ...times(more, pod) };
  return capacityWarnings(
    { namespace, pod, pods: more, growth, leaving: new Set() },
    workloads,
    signal,
  );
}

function diffLines(from: ReplicaBounds, to: ReplicaBounds): readonly string[] {
  return [
    ...(from.min === to.min ? [] : [`  spec.minReplicas: ${from.min} → ${to.min}`]),
    ...(from.max === to.max ? [] : [`  spec.maxReplicas: ${from.max} → ${to.max}`]),
  ];
}

function patchText({ min, max }: ReplicaBounds): string {
  return JSON.stringify({ spec: { minReplicas: min, maxReplicas: max } });
}

function unwatched(name: string, kind: string): OpsError {
  return new OpsError(
    "refused",
    `horizontalpodautoscaler/${name} scales a ${kind}, whose pods cannot be verified here.`,
    "Only those of Deployments and StatefulSets can be; a person changes this one by hand.",
  );
}
