import * as z from "zod";
import { isObject } from "#domain/json.ts";
import { type Condition, conditionSchema } from "#domain/kubernetes/pod.ts";
import { cells, each, nameAndAge, type Row } from "./row.ts";
import { unusual } from "./workloads.ts";

const targetSchema = z.object({ kind: z.string().default("Deployment"), name: z.string() });
const conditions = z.array(conditionSchema).nullish();
const valuesSchema = z.object({
  averageUtilization: z.int().optional(),
  averageValue: z.string().optional(),
  value: z.string().optional(),
});

/** One metric of an autoscaler: its type names the field that holds the rest. */
const metricSchema = z.looseObject({ type: z.string() });
const sourceSchema = z.object({
  name: z.string().optional(),
  metric: z.object({ name: z.string() }).optional(),
  target: valuesSchema.optional(),
  current: valuesSchema.optional(),
});
type Metric = z.output<typeof metricSchema>;
type Source = z.output<typeof sourceSchema>;

const autoscalerSchema = z.object({
  spec: z.object({
    scaleTargetRef: targetSchema,
    minReplicas: z.int().default(1),
    maxReplicas: z.int(),
    metrics: z.array(metricSchema).nullish(),
  }),
  status: z
    .object({
      currentReplicas: z.int().default(0),
      desiredReplicas: z.int().default(0),
      currentMetrics: z.array(metricSchema).nullish(),
      conditions,
    })
    .prefault({}),
});
type Autoscaler = z.output<typeof autoscalerSchema>;

export const autoscalerRows = each((object, view) => {
  const scaler = autoscalerSchema.parse(object);
  const { spec, status } = scaler;
  const { name, age } = nameAndAge(object, view);
  return {
    ...autoscalerState(scaler),
    cells: cells({
      name,
      target: `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
      current: status.currentReplicas,
      desired: status.desiredReplicas,
      min: spec.minReplicas,
      max: spec.maxReplicas,
      metrics: metricsText(spec.metrics ?? [], status.currentMetrics ?? []),
      conditions: unusual(status.conditions ?? [], healthy),
      age,
    }),
  };
});

const healthy = { AbleToScale: "True", ScalingActive: "True", ScalingLimited: "False" };

function autoscalerState({ spec, status }: Autoscaler): Pick<Row, "state" | "health"> {
  const cannot = (status.conditions ?? []).find(
    ({ type, status: held }) => ["AbleToScale", "ScalingActive"].includes(type) && held === "False",
  );
  if (cannot?.reason === "ScalingDisabled") return { state: "Switched off", health: "waiting" };
  if (cannot) return { state: "Cannot scale", health: "failing" };
  return status.desiredReplicas >= spec.maxReplicas
    ? { state: "At its maximum", health: "waiting" }
    : { state: "Active", health: "well" };
}

/** `cpu 85%/80%`: now and wanted. */
function metricsText(wanted: readonly Metric[], current: readonly Metric[]): string {
  const now = new Map(current.map((metric) => [metricName(metric), source(metric).current]));
  return wanted
    .map((metric) => {
      const name = metricName(metric);
      return `${name} ${valueText(now.get(name))}/${valueText(source(metric).target)}`;
    })
    .join(", ");
}

function metricName(metric: Metric): string {
  const { name, metric: named } = source(metric);
  return named?.name ?? name ?? metric.type;
}

function source(metric: Metric): Source {
  const field = metric.type.charAt(0).toLowerCase() + metric.type.slice(1);
  const found = metric[field];
  return isObject(found) ? sourceSchema.parse(found) : {};
}

function valueText(values: Source["target"]): string {
  if (values?.averageUtilization !== undefined) return `${values.averageUtilization}%`;
  return values?.averageValue ?? values?.value ?? "unknown";
}

const scaledObjectSchema = z.object({
  spec: z.object({
    scaleTargetRef: targetSchema,
    minReplicaCount: z.int().default(0),
    maxReplicaCount: z.int().default(100),
    triggers: z.array(z.object({ type: z.string() })).default([]),
  }),
  status: z.object({ conditions }).prefault({}),
});

export const scaledObjectRows = each((object, view) => {
  const { spec, status } = scaledObjectSchema.parse(object);
  const { name, age } = nameAndAge(object, view);
  return {
    ...scaledObjectState(status.conditions ?? []),
    cells: cells({
      name,
      target: `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
      min: spec.minReplicaCount,
      max: spec.maxReplicaCount,
      triggers: spec.triggers.map(({ type }) => type).join(", "),
      age,
    }),
  };
});

function scaledObjectState(found: readonly Condition[]): Pick<Row, "state" | "health"> {
  const is = (type: string, status: string) =>
    found.some((condition) => condition.type === type && condition.status === status);
  if (is("Ready", "False")) return { state: "Not ready", health: "failing" };
  if (is("Paused", "True")) return { state: "Paused", health: "waiting" };
  return { state: is("Active", "True") ? "Active" : "Idle", health: "well" };
}
