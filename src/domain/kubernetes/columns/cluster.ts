import * as z from "zod";
import { type Budget, readBudget } from "#domain/kubernetes/budget.ts";
import { type Condition, conditionSchema } from "#domain/kubernetes/pod.ts";
import { cells, each, nameAndAge, names, type Row } from "./row.ts";

const quantities = z.record(z.string(), z.string()).default({});

const nodeSchema = z.object({
  spec: z
    .object({
      unschedulable: z.boolean().default(false),
      taints: z
        .array(z.object({ key: z.string(), value: z.string().default(""), effect: z.string() }))
        .default([]),
    })
    .prefault({}),
  status: z
    .object({
      conditions: z.array(conditionSchema).default([]),
      allocatable: quantities,
      nodeInfo: z.object({ kubeletVersion: z.string().default("") }).prefault({}),
    })
    .prefault({}),
});
type Node = z.output<typeof nodeSchema>;

export const nodeRows = each((object, view) => {
  const node = nodeSchema.parse(object);
  const { conditions, allocatable, nodeInfo } = node.status;
  const { name, age } = nameAndAge(object, view);
  const { state, health } = nodeState(node);
  const troubles = conditions.filter(({ type, status }) => type !== "Ready" && status !== "False");
  return {
    state,
    health,
    cells: cells({
      name,
      status: node.spec.unschedulable ? `${state}, no new pods` : state,
      pressure: troubles.map(({ type }) => type).join(", "),
      taints: names(
        node.spec.taints.map(({ key, effect }) => `${key}:${effect}`),
        5,
      ),
      cpu: allocatable.cpu,
      memory: allocatable.memory,
      pods: allocatable.pods,
      kubelet: nodeInfo.kubeletVersion,
      age,
      message: health === "failing" ? readyCondition(node)?.message : undefined,
    }),
  };
});

/** Conditions beside Ready, DiskPressure and its like, are troubles when they hold. */
function nodeState(node: Node): Pick<Row, "state" | "health"> {
  const ready = readyCondition(node)?.status;
  if (ready !== "True") {
    return { state: ready === "False" ? "NotReady" : "Unknown", health: "failing" };
  }
  const pressed = node.status.conditions.some(
    ({ type, status }) => type.endsWith("Pressure") && status === "True",
  );
  if (pressed) return { state: "Ready, under pressure", health: "failing" };
  return node.spec.unschedulable
    ? { state: "Ready, cordoned", health: "waiting" }
    : { state: "Ready", health: "well" };
}

function readyCondition({ status }: Node): Condition | undefined {
  return status.conditions.find(({ type }) => type === "Ready");
}

const namespaceSchema = z.object({
  status: z.object({ phase: z.string().default("Active") }).prefault({}),
});

export const namespaceRows = each((object, view) => {
  const { phase } = namespaceSchema.parse(object).status;
  const { name, age } = nameAndAge(object, view);
  return {
    state: phase,
    health: phase === "Active" ? "well" : "waiting",
    cells: cells({ name, status: phase, age }),
  };
});

export const disruptionBudgetRows = each((object, view) => {
  const { spec, status } = readBudget(object);
  const { name, age } = nameAndAge(object, view);
  return {
    ...budgetState(status),
    cells: cells({
      name,
      allowed_disruptions: status.disruptionsAllowed,
      healthy: `${status.currentHealthy} of ${status.desiredHealthy} needed`,
      pods: status.expectedPods,
      min_available: spec.minAvailable,
      max_unavailable: spec.maxUnavailable,
      age,
    }),
  };
});

function budgetState(status: Budget["status"]): Pick<Row, "state" | "health"> {
  if (status.expectedPods === 0) return { state: "Covers no pod", health: "waiting" };
  if (status.currentHealthy < status.desiredHealthy)
    return { state: "Too few healthy", health: "failing" };
  return status.disruptionsAllowed === 0
    ? { state: "Allows no eviction", health: "waiting" }
    : { state: "Allows evictions", health: "well" };
}
