import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import type { JsonObject } from "#domain/json.ts";

type Arguments = Record<string, unknown>;

/**
 * A schema that lists as itself and lets every value through: arguments are checked in `calls/`, where a refusal
 * names the valid ones and is audited, and an answer that has changed the world is never turned into an error.
 */
export function passThrough(schema: JsonObject): StandardSchemaWithJSON<Arguments, Arguments> {
  return {
    "~standard": {
      version: 1,
      vendor: "firewatch",
      validate: (value: unknown) => ({ value: isRecord(value) ? value : {} }),
      jsonSchema: { input: () => schema, output: () => schema },
    },
  };
}

function isRecord(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null;
}
