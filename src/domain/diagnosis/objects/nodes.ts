import type { Cause } from "#domain/diagnosis/cause.ts";
import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Condition, Pod } from "#domain/kubernetes/pod.ts";
import { count } from "#domain/text/table.ts";
import { type Node, nodesUnder, readNode } from "./node-shape.ts";
import { conditionEvidence, label, scoped, sickPods, sinceOf } from "./scoped.ts";

/** Kubelet reports Ready; after 40 s of silence the node's controller sets it to Unknown. */
export const nodeNotReady: Analyzer = (scope, snapshot) =>
  nodesIn(scope, snapshot).flatMap((node): readonly Finding[] => {
    const ready = node.status.conditions.find(({ type }) => type === "Ready");
    if (ready === undefined || ready.status === "True") return [];
    const silent = ready.status === "Unknown";
    const on = podsOn(node, scope.pods);
    return [
      {
        cause: "node_not_ready",
        confidence: "certain",
        summary: `${label("Node", node)} is not ready${silent ? " (its kubelet has stopped reporting)" : ""}; ${running(on)} of this workload on it.`,
        ...nodeParts(node, ready, on),
        remedy:
          "Look at the machine and its kubelet; cordon the node, and replace it if it does not come back.",
      },
    ];
  });

const pressures: Readonly<Record<string, { cause: Cause; remedy: string }>> = {
  MemoryPressure: {
    cause: "node_memory_pressure",
    remedy: "Find what eats the node's memory (pods without limits first), and move or limit it.",
  },
  DiskPressure: {
    cause: "node_disk_pressure",
    remedy:
      "Free disk on the node: images, logs and emptyDir volumes; then look for what filled it.",
  },
  PIDPressure: {
    cause: "node_pid_pressure",
    remedy: "Find the pod that starts processes without end, and restart or limit it.",
  },
};

/** Pressure is told as a cause when pods of the scope suffer; beside healthy ones it is worth a look. */
export const nodePressure: Analyzer = (scope, snapshot) =>
  nodesIn(scope, snapshot).flatMap((node) =>
    node.status.conditions.flatMap((condition): readonly Finding[] => {
      const known = pressures[condition.type];
      if (known === undefined || condition.status !== "True") return [];
      const on = podsOn(node, scope.pods);
      const sick = scope.subject.kind === "nodes" || sickPods(on, snapshot.now).length > 0;
      return [
        {
          ...known,
          confidence: sick ? "certain" : "possible",
          summary: `${label("Node", node)} has ${condition.type}; ${running(on)} of this workload on it.`,
          ...nodeParts(node, condition, on),
        },
      ];
    }),
  );

function nodesIn(...[scope, snapshot]: Parameters<Analyzer>): readonly Node[] {
  const named = scoped(scope, "nodes").map(readNode);
  const under = nodesUnder(scope.pods, snapshot);
  const known = new Set(named.map(({ metadata }) => metadata.name));
  return [...named, ...under.filter(({ metadata }) => !known.has(metadata.name))];
}

function podsOn({ metadata }: Node, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ spec }) => spec.nodeName === metadata.name);
}

/** What is left of evicted pods shows what the node did, and runs no more. */
function running(pods: readonly Pod[]): string {
  const left = pods.filter(({ status }) => !["Failed", "Succeeded"].includes(status.phase));
  return count(left.length, "pod");
}

function nodeParts(node: Node, condition: Condition, on: readonly Pod[]) {
  return {
    evidence: [conditionEvidence(label("Node", node), condition)],
    ...sinceOf(condition.lastTransitionTime),
    affected: on.slice(0, 5).map((pod) => label("Pod", pod)),
    next: {
      tool: "kubectl_get",
      args: { resource_type: "nodes", name: node.metadata.name },
    },
  };
}
