import * as z from "zod";
import { digest } from "#domain/digest.ts";
import { rollbackMade, settleRollback } from "#domain/helm/settle.ts";
import { OpsError } from "#errors.ts";
import { defineAction } from "#tools/define.ts";
import { intField, kubeNameField, namespaceField } from "#tools/fields.ts";
import { byHand } from "#tools/kubernetes/by-hand.ts";
import { workloadRefSchema } from "#tools/kubernetes/observe.ts";
import { watchHealth } from "#tools/kubernetes/watch-health.ts";
import { planRollback } from "./plan-rollback.ts";

/** How long Helm waits for the workloads; its own default. */
const TIMEOUT_SECONDS = 300;

export const helmRollback = defineAction({
  name: "helm_rollback",
  title: "Roll a Helm release back",
  description:
    "Return a Helm release to an earlier revision: shows the diff, needs approval, then verifies the workloads.",
  needs: ["releases", "workloads", "actions", "clock"],
  place: "cluster",
  risk: "high",
  reversible: "partial",
  input: z.strictObject({
    release: kubeNameField.describe("Helm release."),
    namespace: namespaceField,
    revision: intField(0, 9999).default(0).describe("0: newest healthy revision that differs."),
  }),
  planned: z.object({
    release: z.string(),
    namespace: z.string(),
    from: z.int(),
    to: z.int(),
    workloads: z.array(workloadRefSchema),
  }),

  async plan({ release: name, namespace, revision }, ports, call) {
    const release = { name, namespace };
    const { chosen, shows, owners, workloads } = await planRollback(release, revision, ports, call);
    const [from, to] = [chosen.current.revision, chosen.target.revision];
    const words = ["rollback", name, `${to}`, "--namespace", namespace, "--wait", "--timeout"];
    const undo = { tool: "helm_rollback", args: { release: name, namespace, revision: from } };
    return {
      target: { kind: "Release", name, namespace },
      binds: { release: name, namespace, from, to, content: digest({ ...chosen.to }) },
      shows: { ...shows, command: byHand("helm", [...words, `${TIMEOUT_SECONDS}s`], call) },
      owners,
      ...(chosen.current.healthy ? { undo } : {}),
      planned: { release: name, namespace, from, to, workloads: [...workloads] },
    };
  },

  async apply({ release: name, namespace, from, to }, { releases }, call) {
    const release = { name, namespace };
    const [newest] = await releases.history(release, call.signal);
    if (newest?.revision !== from) throw moved(name, from, newest?.revision);
    const request = { ...release, revision: to, timeoutSeconds: TIMEOUT_SECONDS };
    await releases.rollback(request, call.signal);
    const made = rollbackMade(await releases.history(release, call.signal), from, to);
    return {
      summary: `Rolled release ${name} back to revision ${to}.`,
      facts: { from, to, ...(made ? { new_revision: made.revision } : {}) },
    };
  },

  async settle({ release: name, namespace, from, to }, { releases }, call) {
    return settleRollback(await releases.history({ name, namespace }, call.signal), from, to);
  },

  async verify({ release: name, namespace, from, to, workloads }, ports, call) {
    const health = await watchHealth(workloads, ports, call);
    const history = await ports.releases.history({ name, namespace }, call.signal);
    const made = rollbackMade(history, from, to);
    const ok = made?.status === "deployed";
    const evidence = made
      ? `Revision ${made.revision}, made by this rollback, is ${made.status}.`
      : "No revision of this rollback is in the history.";
    const checks = [{ name: `release ${name}: deployed`, ok, evidence }, ...health.checks];
    return { outcome: ok ? health.outcome : "failed", checks };
  },
});

function moved(name: string, from: number, now: number | undefined): OpsError {
  return new OpsError(
    "conflict",
    `Release ${name} is at revision ${now ?? "none"}; the plan was made for ${from}.`,
    "Somebody changed the release meanwhile. Call again for a new plan.",
  );
}
