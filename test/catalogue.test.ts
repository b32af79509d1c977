import { expect, test } from "vitest";
import * as z from "zod";
import { toolsets } from "#tools/index.ts";
import { connect } from "./support/connect.ts";
import { print } from "./support/print.ts";
import { tokens } from "./support/tokens.ts";

const MAX_AVERAGE = 150;
const MAX_LARGEST = 350;
const MAX_DEFAULT_LIST = 7_500;
const MAX_DEFAULT_TOOLS = 50;
const MAX_WORDS = 12;

const argument = z.looseObject({ description: z.string().min(1) });
const listed = z.looseObject({
  name: z.string().regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/),
  title: z.string().min(3),
  description: z.string().min(40).max(400),
  inputSchema: z.looseObject({
    $schema: z.never().optional(),
    type: z.literal("object"),
    properties: z.record(z.string(), argument),
    additionalProperties: z.literal(false),
  }),
  outputSchema: z.looseObject({
    $schema: z.never().optional(),
    type: z.literal("object"),
    properties: z.record(z.string(), z.unknown()),
  }),
  annotations: z.looseObject({
    readOnlyHint: z.boolean(),
    destructiveHint: z.boolean(),
    idempotentHint: z.boolean(),
    openWorldHint: z.boolean(),
  }),
});

test("every tool is listed whole: description, strict arguments, an object as output, all hints", async () => {
  const { listTools } = await connect();
  const tools = (await listTools()).map((tool) => listed.parse(tool));
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
});

test("arguments are described in a few words", async () => {
  const { listTools } = await connect();
  for (const tool of await listTools()) {
    const { name, inputSchema } = listed.parse(tool);
    for (const [key, { description }] of Object.entries(inputSchema.properties)) {
      const words = description.split(/\s+/).length;
      expect(words, `${name}.${key}: ${description}`).toBeLessThanOrEqual(MAX_WORDS);
      expect(key).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    }
  }
});

test("hints say what the tool is: a look, a record or a change", async () => {
  const { listTools, calls } = await connect();
  const kinds = new Map(calls.context.tools.map(({ name, kind }) => [name, kind] as const));
  for (const { name, annotations } of await listTools()) {
    const kind = kinds.get(name);
    const changes = kind === "action" || kind === "redirect";
    expect(annotations, name).toMatchObject({
      readOnlyHint: kind === "query",
      destructiveHint: changes,
      idempotentHint: kind === "query",
    });
    if (changes) expect(annotations?.openWorldHint, name).toBe(true);
  }
});

test("what a model reads of the tools fits its window", async () => {
  const { listTools } = await connect();
  const read = (await listTools()).map(({ name, description, inputSchema }) => ({
    name,
    tokens: tokens({ name, description, inputSchema }),
  }));
  const total = read.reduce((sum, each) => sum + each.tokens, 0);
  const average = Math.round((total / read.length) * 10) / 10;
  const largest = Math.max(...read.map((each) => each.tokens));
  print([...read, { name: "average", tokens: average }]);
  expect(average).toBeLessThanOrEqual(MAX_AVERAGE);
  expect(largest).toBeLessThanOrEqual(MAX_LARGEST);
});

test("the default list stays short, however many toolsets there are", async () => {
  const names = toolsets.filter((toolset) => toolset.default).map(({ name }) => name);
  const { listTools } = await connect({ settings: { toolsets: names } });
  const tools = await listTools();
  const list = tokens(
    tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
  );
  print(`default list: ${tools.length} tools, ${list} tokens`);
  expect(tools.length).toBeLessThanOrEqual(MAX_DEFAULT_TOOLS);
  expect(list).toBeLessThan(MAX_DEFAULT_LIST);
});
