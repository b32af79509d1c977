import * as z from "zod";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { MINUTE } from "#domain/window.ts";
import { nodesCall, podCall } from "./calls.ts";
import type { Patient, PodRule, Sign } from "./patient.ts";

const deletedSchema = z.object({ finalizers: z.array(z.string()).default([]) });

/** How long past its grace period a pod may take before it is stuck. */
const PATIENCE = MINUTE;

/**
 * Pods that are long past the end of their grace period, which is what `deletionTimestamp` names, and still there: a
 * finalizer holds them, or their node does not report that they ended.
 */
export const deletions: PodRule = (patient) => {
  const { pod, snapshot } = patient;
  const due = new Date(pod.metadata.deletionTimestamp ?? Number.NaN);
  const late = snapshot.now.getTime() - due.getTime();
  return late > PATIENCE ? [stuckSign(patient, due, late)] : [];
};

function stuckSign(patient: Patient, due: Date, late: number): Sign {
  const { pod, name } = patient;
  const { finalizers } = deletedSchema.parse(pod.metadata);
  const held = finalizers.length > 0;
  const what = held
    ? `finalizer ${finalizers.map((each) => quoted(each, 80)).join(", ")} holds it`
    : `node ${pod.spec.nodeName} has not reported its end`;
  return {
    cause: "stuck_terminating",
    confidence: held ? "certain" : "likely",
    about: finalizers.join(" "),
    summary: `${name} should have been gone ${duration(late)} ago, and ${what}.`,
    evidence: [
      { object: name, field: "metadata.deletionTimestamp", value: isoSeconds(due), at: due },
      ...(held
        ? [{ object: name, field: "metadata.finalizers", value: finalizers.join(", ") }]
        : []),
    ],
    since: due,
    remedy: held
      ? "Find the controller that owns the finalizer and let it finish; removing it by hand may leave something behind."
      : "Check the node: kubelet ends the pod as soon as it answers again.",
    ...(held ? podCall(patient) : nodesCall(patient)),
  };
}
