import * as z from "zod";

type Listed = z.ZodObject["~standard"];

/**
 * A schema that lists as itself and lets every value through: arguments are checked in `calls/`, where a refusal
 * names the valid ones and is audited, and an answer that has changed the world is never turned into an error.
 */
export function passThrough(schema: z.ZodObject): { readonly "~standard": Listed } {
  return {
    "~standard": {
      ...schema["~standard"],
      validate: (value: unknown) => ({ value: isRecord(value) ? value : {} }),
      jsonSchema: { input: () => listed(schema, "input"), output: () => listed(schema, "output") },
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const cache = new WeakMap<z.ZodObject, Map<string, Record<string, unknown>>>();

/** JSON Schema without `$schema`, which costs 17 tokens a tool and says nothing to a model. */
function listed(schema: z.ZodObject, io: "input" | "output"): Record<string, unknown> {
  const known = cache.get(schema) ?? new Map<string, Record<string, unknown>>();
  cache.set(schema, known);
  const made = known.get(io) ?? convert(schema, io);
  known.set(io, made);
  return made;
}

function convert(schema: z.ZodObject, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return singleTypes(rest);
}

/** Model providers that know one `type` alone drop or refuse a list of them: each gets a branch of its own. */
function singleTypes(node: object): Record<string, unknown> {
  const entries = Object.entries(node).map(([key, value]): [string, unknown] =>
    key === "type" && Array.isArray(value)
      ? ["anyOf", value.map((type: unknown) => ({ type }))]
      : [key, within(value)],
  );
  return Object.fromEntries(entries);
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(within);
  return isRecord(value) ? singleTypes(value) : value;
}
