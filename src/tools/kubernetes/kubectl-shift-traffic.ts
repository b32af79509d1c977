import * as z from "zod";
import { helmWarning, specOwners } from "#domain/kubernetes/change-owners.ts";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import { rolloutOwners } from "#domain/kubernetes/traffic-owners.ts";
import { type TrafficShift, trafficShiftSchema } from "#domain/kubernetes/traffic-shift.ts";
import { shiftedDigest, splitDigest } from "#domain/kubernetes/traffic-split.ts";
import { OpsError } from "#errors.ts";
import type { Precondition, Workloads } from "#ports/workloads.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { asRead, asReadSchema, existing, rehearse } from "./existing.ts";
import { marks } from "./marks.ts";
import { checkRights } from "./rights.ts";
import { shiftCommand } from "./shift-command.ts";
import { planShift, refOfShift, rightOf } from "./shift-plan.ts";
import { verifyShift } from "./shift-verify.ts";

/** More than any weight that people use. */
const MOST_WEIGHT = 1_000_000;
const MOST_ENTRIES = 10;

const few = (entries: object) => {
  const { length } = Object.keys(entries);
  return length > 0 && length <= MOST_ENTRIES;
};
const fewError = { error: `must hold 1 to ${MOST_ENTRIES} entries` };

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const LABEL = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
const labelValue = z
  .string()
  .refine((text) => LABEL.test(text), { error: "must be a label value" });

/** Checked whole, listed by its type alone: the rest would cost a model more tokens than the argument. */
const listedAs = <Field extends z.ZodType>(type: "object" | "integer", field: Field) =>
  z.unknown().meta({ type }).pipe(field);

const weight = intField(0, MOST_WEIGHT);
const weightField = listedAs("integer", weight.nullable());
const weightsField = listedAs("object", z.object({}).catchall(weight).refine(few, fewError));
const labels = z
  .object({})
  .catchall(labelValue.nullable())
  .refine(few, fewError)
  .refine((entries) => Object.keys(entries).every((key) => KEY.test(key)), {
    error: "must have label names as keys",
  });
const selectorField = listedAs("object", labels);

const plannedSchema = z.object({
  shift: trafficShiftSchema,
  read: asReadSchema,
  /** Digests of the split before and after. */
  from: z.string(),
  to: z.string(),
  gaining: z.array(z.string()),
});
type Planned = z.output<typeof plannedSchema>;

export const kubectlShiftTraffic = defineAction({
  name: "kubectl_shift_traffic",
  title: "Shift traffic",
  description:
    "Send traffic where pods are ready: by a Service's selector, a canary's weight or a route's weights. Needs approval, then verifies.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "high",
  reversible: "yes",
  input: z.strictObject({
    name: kubeNameField.describe("Service, canary Ingress or HTTPRoute."),
    namespace: namespaceField,
    selector: selectorField.optional().describe("Of a Service: labels to set; null removes."),
    weight: weightField.optional().describe("Of a canary Ingress."),
    weights: weightsField.optional().describe("Of an HTTPRoute: integers by backend."),
    rule: intField(0, 15).optional().describe("Its rule; 0 by default."),
  }),
  planned: plannedSchema,

  async plan(input, { workloads }, call) {
    const ref = refOfShift(input);
    const object = await existing(ref, workloads, call.signal);
    const { found, impact } = await planShift(input, object, workloads, call.signal);
    const { shift } = found;
    const missing = await checkRights([rightOf(ref)], workloads, call);
    const read = asRead(object);
    const from = splitDigest(ref.kind, object);
    const planned = {
      shift,
      read,
      from,
      to: shiftedDigest(shift, object),
      gaining: [...found.gaining],
    };
    const forbidden = await rehearse(() => make(shift, read, workloads, call, true));
    return {
      target: { kind: object.kind ?? ref.kind, name: ref.name, namespace: ref.namespace },
      binds: { ...ref, uid: read.uid, from, to: planned.to },
      shows: {
        summary: found.summary,
        diff: found.diff.join("\n"),
        impact,
        warnings: [...missing, ...forbidden, ...found.warnings, ...helmWarning(object, "")],
        command: shiftCommand(shift, call),
      },
      owners: [...specOwners(object), ...rolloutOwners(object)],
      undo: {
        tool: "kubectl_shift_traffic",
        args: { name: ref.name, namespace: ref.namespace, ...found.undo },
      },
      planned,
    };
  },

  async apply(planned, { workloads }, call) {
    const { shift } = planned;
    await makeAsRead(planned, workloads, call);
    const summary = `Shifted the traffic of ${kindNames(shift.kind).one} ${shift.namespace}/${shift.name}.`;
    return { summary, facts: { kind: shift.kind, name: shift.name } };
  },

  async settle({ shift, read, from, to }, { workloads }, call) {
    const object = await workloads.get(shift, call.signal);
    if (object?.metadata.uid !== read.uid) return "unknown";
    const now = splitDigest(shift.kind, object);
    if (now === to) return "applied";
    return now === from ? "not_applied" : "unknown";
  },

  verify: ({ shift, to, gaining }, ports, call) => verifyShift({ shift, to, gaining }, ports, call),
});

function make(
  shift: TrafficShift,
  expects: Precondition,
  workloads: Workloads,
  call: Call,
  dryRun: boolean,
): Promise<unknown> {
  const change = { expects, dryRun, annotations: marks(call) };
  return workloads.shiftTraffic(shift, change, call.signal);
}

/** When only something else of the object moved since, the change is made once more with a fresh precondition. */
async function makeAsRead(planned: Planned, workloads: Workloads, call: Call): Promise<void> {
  const { shift, read, from } = planned;
  try {
    await make(shift, read, workloads, call, false);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "conflict") throw error;
    const fresh = await workloads.get(shift, call.signal);
    const same = fresh?.metadata.uid === read.uid && splitDigest(shift.kind, fresh) === from;
    if (!same) throw error;
    await make(shift, asRead(fresh), workloads, call, false);
  }
}
