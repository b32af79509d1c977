import * as z from "zod";
import type { Right } from "#domain/kubernetes/access.ts";
import {
  holds,
  keyPatch,
  patchDiff,
  patchImpact,
  patchSummary,
  patchWarnings,
  readersOfKeys,
  restartable,
} from "#domain/kubernetes/configmap.ts";
import type { Check } from "#domain/kubernetes/health.ts";
import { gitOpsOwners } from "#domain/kubernetes/ownership.ts";
import { restartedThen, restartOwners } from "#domain/kubernetes/restart.ts";
import { readWorkload, type Workload, workloadLabel } from "#domain/kubernetes/workload.ts";
import type { Change, WorkloadRef, Workloads } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { byHand } from "./by-hand.ts";
import { asRead, asReadSchema, changeAsRead, existing } from "./existing.ts";
import { marks } from "./marks.ts";
import { workloadRefSchema, workloadsIn } from "./observe.ts";
import { patchRight, tryOut } from "./try-out.ts";
import { watchHealth } from "./watch-health.ts";

/** Longest value; ConfigMaps hold up to 1 MiB, which no person reads before saying yes. */
const MAX_VALUE = 16_384;
const MOST_KEYS = 20;

const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** Checked but not listed: the patterns would cost a model more tokens than the rest. */
const valuesField = z
  .object({})
  .catchall(z.string().nullable())
  .refine((data) => Object.keys(data).every((key) => KEY.test(key)), {
    error: "must have keys of letters, digits, '-', '_' and '.'",
  })
  .refine((data) => Object.values(data).every((value) => (value ?? "").length <= MAX_VALUE), {
    error: `must have values of at most ${MAX_VALUE} characters`,
  });

const someValuesField = valuesField.refine(
  (data) => Object.keys(data).length > 0 && Object.keys(data).length <= MOST_KEYS,
  { error: `must name 1 to ${MOST_KEYS} keys` },
);

const plannedSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  before: valuesField,
  after: valuesField,
  read: asReadSchema,
  restarts: z.array(z.object({ ref: workloadRefSchema, read: asReadSchema })),
  /** The moment that the restarts write down. */
  at: z.iso.datetime(),
});

export const kubectlPatchConfigmap = defineAction({
  name: "kubectl_patch_configmap",
  title: "Change keys of a ConfigMap",
  description:
    "Set or remove keys of a ConfigMap; names its readers and when they see it. Needs approval, then verifies.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("ConfigMap."),
    namespace: namespaceField,
    data: someValuesField.describe("Keys and new values; null removes a key."),
    restart: z.boolean().default(false).describe("Also restart their readers."),
  }),
  planned: plannedSchema,

  async plan({ name, namespace, data, restart }, { workloads, clock }, call) {
    const object = await existing({ kind: "configmaps", namespace, name }, workloads, call.signal);
    const patch = keyPatch(object, data);
    const all = await workloadsIn(namespace, workloads, call.signal);
    const readers = readersOfKeys(name, Object.keys(patch.after), all);
    const restarted = restart ? restartable(readers) : [];
    const planned = {
      ...{ name, namespace, ...patch, read: asRead(object), at: clock.now().toISOString() },
      restarts: restarted.map((workload) => ({ ref: refOf(workload), read: asRead(workload) })),
    };
    const forbidden = await tryOut(
      [patchMapRight(planned), ...planned.restarts.map(({ ref }) => patchRight(ref))],
      () => carryOut(planned, workloads, { dryRun: true }, call.signal),
      workloads,
      call,
    );
    const uids = planned.restarts.map(({ read }) => read.uid);
    return {
      target: { kind: "ConfigMap", name, namespace },
      binds: { name, namespace, uid: planned.read.uid, ...patch, restarts: uids },
      shows: {
        summary: patchSummary(name, patch, restarted),
        diff: patchDiff(name, patch),
        impact: patchImpact(readers, restart),
        warnings: [...forbidden, ...patchWarnings(object, patch, readers, restart)],
        command: commands(planned, call),
      },
      owners: [...gitOpsOwners(object), ...restarted.flatMap(restartOwners)],
      undo: {
        tool: "kubectl_patch_configmap",
        args: { name, namespace, data: patch.before, restart },
      },
      planned,
    };
  },

  async apply(planned, { workloads }, call) {
    const how = { dryRun: false, annotations: marks(call) };
    await carryOut(planned, workloads, how, call.signal);
    const restarted = planned.restarts.map(({ ref }) => workloadLabel(ref));
    const then = restarted.length > 0 ? ` and restarted ${restarted.join(", ")}` : "";
    return {
      summary: `Changed ConfigMap ${planned.name}${then}.`,
      facts: { keys: Object.keys(planned.after), restarted },
    };
  },

  async settle({ namespace, name, before, after }, { workloads }, call) {
    const object = await workloads.get({ kind: "configmaps", namespace, name }, call.signal);
    if (object === undefined) return "unknown";
    if (holds(object, after)) return "applied";
    return holds(object, before) ? "not_applied" : "unknown";
  },

  async verify(planned, ports, call) {
    const refs = planned.restarts.map(({ ref }) => ref);
    const health = refs.length > 0 ? await watchHealth(refs, ports, call) : unwatched;
    const own = [
      await keysCheck(planned, ports.workloads, call.signal),
      ...(await restartChecks(planned, ports.workloads, call.signal)),
    ];
    const outcome = own.every(({ ok }) => ok) ? health.outcome : "failed";
    return { outcome, checks: [...own, ...health.checks] };
  },
});

const unwatched = { outcome: "passed", checks: [] } as const;

type Planned = z.output<typeof plannedSchema>;

/** The patch, then the restarts, in that order. */
async function carryOut(
  { namespace, name, after, read, restarts, at }: Planned,
  workloads: Workloads,
  how: Omit<Change, "expects">,
  signal: AbortSignal,
): Promise<void> {
  await workloads.patchConfigMap({ namespace, name }, after, { ...how, expects: read }, signal);
  for (const { ref, read: workload } of restarts) {
    await changeAsRead(ref, workload, workloads, signal, (expects) =>
      workloads.restart(ref, new Date(at), { ...how, expects }, signal),
    );
  }
}

function patchMapRight({ namespace, name }: Planned): Right {
  return { verb: "patch", group: "", resource: "configmaps", namespace, name };
}

async function keysCheck(
  { namespace, name, after }: Planned,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Check> {
  const object = await workloads.get({ kind: "configmaps", namespace, name }, signal);
  const ok = object !== undefined && holds(object, after);
  const evidence = ok ? "The keys hold the new values." : "The keys do not hold the new values.";
  return { name: `ConfigMap ${name}: as asked`, ok, evidence };
}

/** Whether each restart reached its workload. */
async function restartChecks(
  { restarts, at }: Planned,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  return Promise.all(
    restarts.map(async ({ ref }) => {
      const object = await workloads.get(ref, signal);
      const ok =
        object !== undefined && restartedThen(readWorkload(ref.kind, object), new Date(at));
      const evidence = ok ? `Restarted at ${at}.` : "Its template carries no such restart.";
      return { name: `${workloadLabel(ref)}: restarted`, ok, evidence };
    }),
  );
}

function refOf({ kind, namespace, name }: Workload): WorkloadRef {
  return { kind, namespace, name };
}

function commands({ namespace, name, after, restarts }: Planned, call: Call): string {
  const patch = JSON.stringify({ data: after });
  const words = [
    "patch",
    "configmap",
    name,
    "--namespace",
    namespace,
    "--type",
    "merge",
    "-p",
    patch,
  ];
  return [
    byHand("kubectl", words, call),
    ...restarts.map(({ ref }) =>
      byHand(
        "kubectl",
        ["rollout", "restart", workloadLabel(ref), "--namespace", ref.namespace],
        call,
      ),
    ),
  ].join(" && ");
}
