import * as fc from "fast-check";
import * as z from "zod";
import type { NaturalCall } from "../support/natural-calls.ts";
import { hostileValue, nearMiss, notArguments, times, wrongTimes } from "./values.ts";

type Args = Readonly<Record<string, unknown>>;

/** One set of arguments, and how it was made. */
export interface Asked {
  readonly tool: string;
  readonly args: unknown;
}

/** A listed tool: its arguments as a model sees them. */
const listedSchema = z.looseObject({ properties: z.record(z.string(), z.looseObject({})) });
export interface ListedTool {
  readonly name: string;
  readonly inputSchema: unknown;
}

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.json()).optional(),
  maximum: z.number().optional(),
  items: z.unknown().optional(),
});

/**
 * Sets of arguments for the listed tools: what a careful caller sends, drawn from live names and the schema; the same
 * with a slip; and with what no careful caller sends.
 */
export function argumentSets(
  tools: readonly ListedTool[],
  natural: readonly NaturalCall[],
): fc.Arbitrary<Asked> {
  const byTool = Map.groupBy(natural, ({ tool }) => tool);
  const each = tools.map(({ name, inputSchema }) => {
    const bases = (byTool.get(name) ?? []).map(({ args }) => args);
    return setsOf(inputSchema, bases).map((args) => ({ tool: name, args }));
  });
  return fc.oneof(...each);
}

function setsOf(schema: unknown, bases: readonly Args[]): fc.Arbitrary<unknown> {
  const { properties } = listedSchema.parse(schema);
  const names = Object.keys(properties);
  const careful = carefulSets(properties, bases);
  const spoilt = fc.tuple(careful, fc.constantFrom(...names), hostileValue);
  const foreign = fc.tuple(careful, fc.string({ minLength: 1, maxLength: 12 }), hostileValue);
  return fc.oneof(
    { weight: 12, arbitrary: careful },
    { weight: 4, arbitrary: careful.chain((args) => slipped(args, bases)) },
    { weight: 3, arbitrary: spoilt.map(([args, name, value]) => ({ ...args, [name]: value })) },
    { weight: 1, arbitrary: foreign.map(([args, name, value]) => ({ ...args, [name]: value })) },
    { weight: 1, arbitrary: fc.oneof(notArguments, fc.dictionary(fc.string(), hostileValue)) },
  );
}

/** Live names as they go together, and any of the optional arguments beside them. */
function carefulSets(
  properties: Readonly<Record<string, unknown>>,
  bases: readonly Args[],
): fc.Arbitrary<Args> {
  const names = Object.keys(properties);
  const drawn = Object.entries(properties).map(([name, schema]) => [name, drawnFrom(name, schema)]);
  const optional = fc.record(Object.fromEntries(drawn), { requiredKeys: [] });
  const base = bases.length === 0 ? fc.constant({}) : fc.constantFrom(...bases);
  const few = fc.tuple(optional, fc.subarray(names, { maxLength: Math.min(2, names.length) }));
  return fc.tuple(few, base).map(([[values, kept], live]) => ({
    ...Object.fromEntries(Object.entries(values).filter(([name]) => kept.includes(name))),
    ...live,
  }));
}

/** One of the texts misspelt, or taken from another call. */
function slipped(args: Args, bases: readonly Args[]): fc.Arbitrary<Args> {
  const texts = Object.entries(args).filter(([, value]) => typeof value === "string");
  if (texts.length === 0) return fc.constant(args);
  return fc.constantFrom(...texts).chain(([name, value]) => {
    const others = bases.flatMap((base) => (typeof base[name] === "string" ? [base[name]] : []));
    const misspelt = nearMiss(String(value));
    return fc
      .oneof(misspelt, others.length === 0 ? misspelt : fc.constantFrom(...others))
      .map((other) => ({ ...args, [name]: other }));
  });
}

/** A value as the schema lists it; times, selectors and patterns as people write them. */
function drawnFrom(name: string, schema: unknown): fc.Arbitrary<unknown> {
  const { type, enum: words, maximum = 200, items } = property.parse(schema);
  if (words !== undefined) return fc.constantFrom(...words);
  if (name.endsWith("_time") || name === "since")
    return fc.constantFrom(...times, ...times, ...wrongTimes);
  if (name in spoken) return fc.constantFrom(...(spoken[name] ?? []));
  switch (type) {
    case "integer":
      return fc.integer({ min: 1, max: maximum });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(drawnFrom("", items), { minLength: 1, maxLength: 3 });
    case "object":
      return fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ maxLength: 12 }));
    default:
      return fc.stringMatching(/^[a-z][-a-z0-9]{0,20}[a-z0-9]$/);
  }
}

const spoken: Readonly<Record<string, readonly unknown[]>> = {
  label_selector: ["app=web", "app!=web,tier in (a, b)", "!canary", "app", "a=b=c"],
  filter_pattern: ["*", "ERROR", "?ERROR ?WARN", '"timed out"', "-DEBUG", '{ $.level = "ERROR" }'],
  grep: ["ERROR", "(?i)time(d )?out", "task=\\w+", "a(b", "[z-a]", ".*"],
  exclude: ["INFO", "^$", "(?=x)", "."],
  statistics: [["Average"], ["p99", "Sum"], ["tm95"], ["Maximum", "Maximum"]],
  period_seconds: [1, 10, 60, 61, 300, 3600, 86_400],
  image: ["registry.example.com/team/app:v2", "nginx", "Not An Image"],
  cpu_request: ["250m", "1.5", "none", "0"],
  cpu_limit: ["500m", "2", "none", "500Mi"],
  memory_request: ["256Mi", "none", "512m"],
  memory_limit: ["512Mi", "2Gi", "none", "lots"],
  resource_type: ["pods", "deploy", "cm", "events", "secrets", "nodes", "pods.v1", "crd"],
};
