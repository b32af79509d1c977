import * as z from "zod";
import { budgetsOf } from "#domain/kubernetes/budget.ts";
import {
  evictableBy,
  evictImpact,
  evictWarnings,
  podLabel,
  refuseBlocked,
  refuseSeveralBudgets,
} from "#domain/kubernetes/evict.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { hasCondition } from "#domain/kubernetes/pod.ts";
import { shellCommand } from "#domain/text/shell.ts";
import { count } from "#domain/text/table.ts";
import { MINUTE } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField, namespaceField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { byHand } from "./by-hand.ts";
import { existing } from "./existing.ts";
import { budgetsIn, podsOfController } from "./pod-family.ts";
import { checkRights } from "./rights.ts";
import { until } from "./until.ts";

/** A replacement that is not ready by then needs a look of its own. */
const LIMIT = 5 * MINUTE;

const plannedSchema = z.object({
  pod: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
  controller: z.object({ kind: z.string(), name: z.string(), uid: z.string() }),
  /** Uids of the controller's pods at the time of the plan: another one is the replacement. */
  known: z.array(z.string()),
});
type Planned = z.output<typeof plannedSchema>;

export const kubectlEvictPod = defineAction({
  name: "kubectl_evict_pod",
  title: "Evict a pod",
  description:
    "Evict a pod, if budgets allow; its controller makes a new one. Needs approval, then verifies.",
  needs: ["workloads", "clock"],
  place: "cluster",
  risk: "medium",
  reversible: "no",
  input: z.strictObject({ name: kubeNameField.describe("Pod."), namespace: namespaceField }),
  planned: plannedSchema,

  async plan({ name, namespace }, { workloads }, call) {
    const object = await existing({ kind: "pods", namespace, name }, workloads, call.signal);
    const controller = evictableBy(object);
    const pod = { namespace, name, uid: object.metadata.uid };
    const missing = await checkRights([rightIn(namespace)], workloads, call);
    const [siblings, all] = await Promise.all([
      podsOfController(namespace, controller, workloads, call.signal),
      budgetsIn(namespace, workloads, call.signal),
    ]);
    const budgets = budgetsOf(object, all);
    refuseSeveralBudgets(object, budgets);
    if (missing.length === 0) {
      const tried = await workloads.evict(pod, true, call.signal);
      refuseBlocked(object, tried.evicted ? undefined : tried.blocked, budgets);
    }
    return {
      target: { kind: "Pod", name, namespace },
      binds: { ...pod },
      shows: {
        summary: `Evict pod ${podLabel(object)}.`,
        diff: evictDiff(object, controller),
        impact: evictImpact(controller, siblings),
        warnings: [...missing, ...evictWarnings(object, controller, siblings, budgets)],
        command: evictCommand(pod, call),
      },
      owners: [],
      planned: { pod, controller, known: siblings.map(({ metadata }) => metadata.uid) },
    };
  },

  async apply({ pod }, { workloads }, call) {
    const answer = await workloads.evict(pod, false, call.signal);
    if (answer.evicted) return { summary: `Evicted pod ${pod.namespace}/${pod.name}.`, facts: {} };
    throw new OpsError(
      "refused",
      `A budget forbids it now: ${answer.blocked}. Nothing was changed.`,
      "Wait until more of the budget's pods are healthy, then ask anew.",
    );
  },

  async settle({ pod }, { workloads }, call) {
    const now = await workloads.get({ kind: "pods", ...pod }, call.signal);
    const same = now?.metadata.uid === pod.uid;
    return same && now.metadata.deletionTimestamp === undefined ? "not_applied" : "applied";
  },

  async verify(planned, ports, call) {
    const look = () => lookAt(planned, ports, call);
    const { gone, fresh, ready } = await until(look, isReplaced, LIMIT, ports, call);
    const { pod, controller } = planned;
    const checks = [
      {
        name: `pod ${pod.name}: gone`,
        ok: gone,
        evidence: gone ? "It is gone." : "It is still there.",
      },
      {
        name: `${controller.kind} ${controller.name}: replacement ready`,
        ok: ready > 0,
        evidence: `${count(fresh, "new pod")}, ${ready} ready.`,
      },
    ];
    return { outcome: isReplaced({ gone, fresh, ready }) ? "passed" : "failed", checks };
  },
});

interface Look {
  readonly gone: boolean;
  /** The controller's pods that were not there before, and how many of them are ready. */
  readonly fresh: number;
  readonly ready: number;
}

const isReplaced = ({ gone, ready }: Look) => gone && ready > 0;

async function lookAt(
  { pod, controller, known }: Planned,
  { workloads }: Pick<Ports, "workloads">,
  { signal, progress }: Call,
): Promise<Look> {
  const pods = await podsOfController(pod.namespace, controller, workloads, signal);
  const fresh = pods.filter(({ metadata }) => !known.includes(metadata.uid));
  const ready = fresh.filter((each) => hasCondition(each, "Ready")).length;
  const gone = pods.every(({ metadata }) => metadata.uid !== pod.uid);
  progress(`${gone ? "The pod is gone" : "The pod is going"}; ${ready} new ready.`);
  return { gone, fresh: fresh.length, ready };
}

function evictDiff(object: KubeObject, { kind, name }: Planned["controller"]): string {
  return `Pod ${podLabel(object)}\n  evicted; ${kind} ${name} makes a new one`;
}

/** kubectl has no verb for it. */
function evictCommand({ namespace, name }: Planned["pod"], call: Call): string {
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const send = byHand("kubectl", ["create", "--raw", path, "-f", "-"], call);
  return `${shellCommand(["echo", JSON.stringify(body)])} | ${send}`;
}

function rightIn(namespace: string) {
  return { verb: "create", group: "", resource: "pods", subresource: "eviction", namespace };
}
