import * as z from "zod";
import { isObject, type Json, type JsonObject } from "#domain/json.ts";
import { identifier, line } from "./fields.ts";

const kubeName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
  .max(253);

const types = [
  "string",
  "integer",
  "number",
  "boolean",
  "k8s_name",
  "namespace",
  "dimensions",
  "arn",
] as const;

const valueSchemas: Readonly<Record<(typeof types)[number], z.ZodType>> = {
  string: z.string().min(1).max(1024),
  integer: z.int(),
  number: z.number(),
  boolean: z.boolean(),
  k8s_name: kubeName,
  namespace: kubeName.max(63),
  /** A CloudWatch metric's dimensions, by name. */
  dimensions: z.record(z.string(), z.string()),
  arn: z.string().startsWith("arn:"),
};

export const parameterSchema = z.strictObject({
  name: identifier,
  type: z.enum(types),
  description: line,
  required: z.boolean().default(true),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  one_of: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  sensitive: z.boolean().default(false),
  /** Where the engine takes it from when nobody gives it, for example `alarm.dimensions`. */
  source: line.optional(),
  /** A value as it may be in earnest; the runbook is checked with it. */
  example: z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.string())]),
});
export type Parameter = z.output<typeof parameterSchema>;

export type Values = Readonly<Record<string, Json>>;

/** Each parameter's example. */
export function exampleValues(parameters: readonly Parameter[]): Values {
  return Object.fromEntries(parameters.map(({ name, example }) => [name, example]));
}

/** What is wrong with a value for the parameter; `undefined` when nothing is. */
export function valueFault(parameter: Parameter, value: Json): string | undefined {
  const { name, type, one_of, min, max } = parameter;
  const parsed = valueSchemas[type].safeParse(value);
  if (!parsed.success) return `${name}: ${parsed.error.issues[0]?.message ?? `is no ${type}`}`;
  if (one_of && !one_of.some((allowed) => allowed === value)) {
    return `${name}: must be one of ${one_of.join(", ")}`;
  }
  if (typeof value === "number" && min !== undefined && value < min)
    return `${name}: at least ${min}`;
  if (typeof value === "number" && max !== undefined && value > max)
    return `${name}: at most ${max}`;
  return undefined;
}

/** `${name}`, or `${name:text}` for the value written out. */
const TEMPLATE = /\$\{([^}:]*)(?::text)?\}/g;

/** Names used in templates anywhere in the value. */
export function templateNames(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [...value.matchAll(TEMPLATE)].map(([, name = ""]) => name);
  if (Array.isArray(value)) return value.flatMap(templateNames);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...templateNames(key),
    ...templateNames(inner),
  ]);
}

/**
 * Arguments with their parameters filled in. A text that is one `${name}` alone takes the value with its type;
 * inside a longer text, as a key, or as `${name:text}`, the value is written out.
 */
export function fillArgs(args: JsonObject, values: Values): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [fillText(key, values), fill(value, values)]),
  );
}

function fill(value: Json | undefined, values: Values): Json {
  if (value === undefined) return null;
  if (typeof value === "string") {
    const [, alone] = /^\$\{([^}:]*)\}$/.exec(value) ?? [];
    return (alone === undefined ? undefined : values[alone]) ?? fillText(value, values);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  return isObject(value) ? fillArgs(value, values) : value;
}

function fillText(text: string, values: Values): string {
  return text.replaceAll(TEMPLATE, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}
