import * as z from "zod";
import { isObject, type Json, toJson } from "#domain/json.ts";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { type PlannedShift, splitOf } from "./traffic-split.ts";

const backendSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  kind: z.string().default("Service"),
  port: z.int().optional(),
  /** Its part of the sum of all; the API's default. */
  weight: z.int().default(1),
});
type Backend = z.output<typeof backendSchema>;

const ruleSchema = z.object({ backendRefs: z.array(backendSchema).default([]) });

type Weights = Readonly<Record<string, number>>;

/** Other weights of the backends of one rule of an HTTPRoute. */
export function shiftRoute(object: KubeObject, rule: number, asked: Weights): PlannedShift {
  const { name, namespace = "" } = object.metadata;
  const rules = rulesOf(object);
  const chosen = rules[rule];
  if (chosen === undefined) throw noRule(name, rules.length);
  const { backendRefs } = ruleSchema.parse(chosen);
  refuseUnknown(name, backendRefs, asked);
  const changed = backendRefs.filter(
    (backend) => weightOf(backend, backendRefs, asked) !== backend.weight,
  );
  if (changed.length === 0) throw asItIs(name, rule);
  const after = backendRefs.map((backend) => weightOf(backend, backendRefs, asked));
  if (sum(after) === 0) throw nothingLeft(name, rule);
  const label = (backend: Backend) => labelOf(backend, backendRefs);
  return {
    shift: {
      kind: "httproutes",
      namespace,
      name,
      rules: rules.with(rule, weighted(chosen, after)),
    },
    diff: [
      `HTTPRoute ${namespace}/${name}`,
      ...changed.map(
        (backend) =>
          `  spec.rules[${rule}].backendRefs[${label(backend)}].weight: ${backend.weight} → ${weightOf(backend, backendRefs, asked)}`,
      ),
    ],
    undo: { rule, weights: Object.fromEntries(changed.map((one) => [label(one), one.weight])) },
    gaining: gainers(backendRefs, after, namespace),
    summary: `Shift the traffic of HTTPRoute ${namespace}/${name}, rule ${rule}: ${shares(backendRefs, after)}.`,
    warnings: foreign(backendRefs, namespace),
  };
}

function rulesOf(object: KubeObject): readonly Json[] {
  const rules = splitOf("httproutes", object);
  return Array.isArray(rules) ? rules : [];
}

/** A backend by its name, with its port where the name alone says too little. */
function labelOf({ name, port }: Backend, all: readonly Backend[]): string {
  const alone = all.filter((other) => other.name === name).length === 1;
  return alone || port === undefined ? name : `${name}:${port}`;
}

function weightOf(backend: Backend, all: readonly Backend[], asked: Weights): number {
  return asked[labelOf(backend, all)] ?? backend.weight;
}

/** The rule with these weights, everything else as it is. */
function weighted(rule: Json, weights: readonly number[]): Json {
  if (!isObject(rule) || !Array.isArray(rule.backendRefs)) return rule;
  const backendRefs = rule.backendRefs.map((ref: unknown, index) => ({
    ...(isObject(ref) ? ref : {}),
    weight: weights[index] ?? 1,
  }));
  return toJson({ ...rule, backendRefs });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Services of the route's own namespace whose share grows. */
function gainers(
  backends: readonly Backend[],
  after: readonly number[],
  namespace: string,
): readonly string[] {
  const [from, to] = [sum(backends.map(({ weight }) => weight)), sum(after)];
  const grown = backends.filter(
    ({ weight }, index) => (after[index] ?? 0) / to > (from === 0 ? 0 : weight / from),
  );
  const own = grown.filter((backend) => backend.kind === "Service" && isHere(backend, namespace));
  return [...new Set(own.map(({ name }) => name))];
}

function isHere({ namespace = "" }: Backend, own: string): boolean {
  return namespace === "" || namespace === own;
}

function shares(backends: readonly Backend[], after: readonly number[]): string {
  const total = sum(after);
  return backends
    .map(
      (backend, index) =>
        `${labelOf(backend, backends)} ${Math.round((100 * (after[index] ?? 0)) / total)}%`,
    )
    .join(", ");
}

function foreign(backends: readonly Backend[], namespace: string): readonly string[] {
  const others = backends.filter(
    (backend) => backend.kind !== "Service" || !isHere(backend, namespace),
  );
  return others.map(
    ({ name }) =>
      `Whether backend ${name} has ready endpoints is not checked: it is elsewhere, or no Service.`,
  );
}

function refuseUnknown(name: string, backends: readonly Backend[], asked: Weights): void {
  const known = backends.map((backend) => labelOf(backend, backends));
  const unknown = Object.keys(asked).filter((label) => !known.includes(label));
  if (unknown.length === 0) return;
  throw new OpsError(
    "invalid_input",
    `HTTPRoute ${name} has no backend ${unknown.join(", ")} in this rule.`,
    `Its backends: ${known.join(", ") || "none"}.`,
  );
}

function noRule(name: string, rules: number): OpsError {
  const message = `HTTPRoute ${name} has ${rules} rules, counted from 0.`;
  return new OpsError("invalid_input", message, "Give rule within them.");
}

function asItIs(name: string, rule: number): OpsError {
  const message = `Rule ${rule} of HTTPRoute ${name} has these weights already.`;
  return new OpsError("no_change", message, "Look at the pods behind its backends instead.");
}

function nothingLeft(name: string, rule: number): OpsError {
  return new OpsError(
    "refused",
    `Rule ${rule} of HTTPRoute ${name} would have no backend with a weight: it would answer 500.`,
    "Leave a weight to one of them.",
  );
}
