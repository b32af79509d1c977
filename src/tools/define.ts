import * as z from "zod";
import type { Applied, Risk, Verification } from "#domain/approvals/action.ts";
import { isWellFormed, type Json, type JsonObject, toJson, toJsonObject } from "#domain/json.ts";
import { atMost } from "#domain/text/at-most.ts";
import { clip } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";
import type { PortName, Ports } from "#ports/index.ts";
import { actionFields, actionFieldsSchema } from "./fields.ts";
import type { ActionTool, At, Bound, Call, Described, Place, PlainTool, Plan } from "./tool.ts";

export type { Call, Plan } from "./tool.ts";

interface Shared<Needs extends PortName, Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** 40–400 characters, written for a model that chooses among tools. */
  readonly description: string;
  /** Ports the tool may touch. It is not offered while any of them is unconfigured. */
  readonly needs: readonly Needs[];
  readonly input: Input;
}

interface Reading<Needs extends PortName, Input extends z.ZodObject, Output extends z.ZodObject>
  extends Shared<Needs, Input> {
  readonly output: Output;
  /** Paths of result fields that hold text of other systems, such as `events[].message`. */
  readonly untrusted?: readonly string[];
  /** The one text: a pure function of the structured output. */
  render(output: z.output<Output>): string;
}

type Looking<Needs extends PortName, Input extends z.ZodObject, Output extends z.ZodObject> =
  | {
      readonly place?: "none" | "cluster" | "region";
      run(input: z.output<Input>, ports: Pick<Ports, Needs>, call: Call): Promise<z.input<Output>>;
    }
  | {
      readonly place: "regions";
      run(
        input: z.output<Input>,
        places: readonly At<Pick<Ports, Needs>>[],
        call: Call,
      ): Promise<z.input<Output>>;
    };

type QuerySpec<
  Needs extends PortName,
  Input extends z.ZodObject,
  Output extends z.ZodObject,
> = Reading<Needs, Input, Output> & Looking<Needs, Input, Output>;

interface ActionSpec<Needs extends PortName, Input extends z.ZodObject, Planned extends z.ZodObject>
  extends Shared<Needs, Input> {
  readonly risk: Risk;
  readonly reversible: "yes" | "partial" | "no";
  readonly place?: "none" | "cluster" | "region";
  readonly planned: Planned;
  /** Fresh reads only; changes nothing. */
  plan(
    input: z.output<Input>,
    ports: Pick<Ports, Needs>,
    call: Call,
  ): Promise<Plan<z.input<Planned>>>;
  /** Exactly the plan, with the API's own preconditions. */
  apply(planned: z.output<Planned>, ports: Pick<Ports, Needs>, call: Call): Promise<Applied>;
  /** After a crash: did the change reach the world? From fresh reads. */
  settle(
    planned: z.output<Planned>,
    ports: Pick<Ports, Needs>,
    call: Call,
  ): Promise<"applied" | "not_applied" | "unknown">;
  /** Did it help? Waits by the port `clock`. Inconclusive is never a success. */
  verify(
    planned: z.output<Planned>,
    ports: Pick<Ports, Needs>,
    call: Call,
  ): Promise<Omit<Verification, "at">>;
}

/** A tool that only looks. */
export function defineQuery<
  const Needs extends PortName,
  Input extends z.ZodObject,
  Output extends z.ZodObject,
>(spec: QuerySpec<Needs, Input, Output>): PlainTool {
  return plain("query", spec);
}

/** A tool that writes Firewatch's own records or tells people; it needs no approval. */
export function defineRecord<
  const Needs extends PortName,
  Input extends z.ZodObject,
  Output extends z.ZodObject,
>(spec: QuerySpec<Needs, Input, Output>): PlainTool {
  return plain("record", spec);
}

function plain<Needs extends PortName, Input extends z.ZodObject, Output extends z.ZodObject>(
  kind: "query" | "record",
  spec: QuerySpec<Needs, Input, Output>,
): PlainTool {
  return {
    ...described(spec),
    kind,
    output: spec.untrusted ? spec.output.extend({ untrusted_fields }) : spec.output,
    accept: (raw) => accept(spec.input, raw),
    async run(args, bound, call) {
      const input = spec.input.parse(args);
      const answer =
        spec.place === "regions"
          ? await spec.run(input, narrowEach(bound, spec.needs), call)
          : await spec.run(input, narrowOne(bound, spec.needs), call);
      return toJsonObject(answer);
    },
    finish(structured) {
      const output = spec.output.parse(structured);
      const marked = spec.untrusted ? { ...output, untrusted_fields: spec.untrusted } : output;
      return { structured: toJsonObject(marked), text: spec.render(output) };
    },
  };
}

/** A tool that changes the world: it plans, and the plan is carried out once a person has approved it. */
export function defineAction<
  const Needs extends PortName,
  Input extends z.ZodObject,
  Planned extends z.ZodObject,
>(spec: ActionSpec<Needs, Input, Planned>): ActionTool {
  const ports = (from: Partial<Ports>) => narrow(from, spec.needs);
  const planned = (value: Json) => spec.planned.parse(value);
  const input = spec.input.extend(actionFields);
  return {
    ...described({ ...spec, input }),
    kind: "action",
    risk: spec.risk,
    reversible: spec.reversible,
    accept(raw) {
      const { reason, incident_id, approval_code, ...args } = accept(input, raw);
      return { args, common: actionFieldsSchema.parse({ reason, incident_id, approval_code }) };
    },
    async plan(args, from, call) {
      const plan = await spec.plan(spec.input.parse(args), ports(from), call);
      return { ...plan, planned: toJson(planned(toJson(plan.planned))) };
    },
    apply: async (value, from, call) => spec.apply(planned(value), ports(from), call),
    settle: async (value, from, call) => spec.settle(planned(value), ports(from), call),
    verify: async (value, from, call) => spec.verify(planned(value), ports(from), call),
  };
}

const untrusted_fields = z.array(z.string()).describe("Fields that hold text of other systems.");

function described(spec: Omit<Described, "place"> & { readonly place?: Place }): Described {
  const { name, title, description, needs, input, place = "none" } = spec;
  return { name, title, description, needs, input, place };
}

/** Faults of one call that are told, and characters of each. */
const MOST_ISSUES = 5;
const MAX_ISSUE = 200;

/** Checks arguments against a strict schema; a refusal names the valid ones. */
export function accept(schema: z.ZodObject, raw: unknown): JsonObject {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return wellFormed(toJsonObject(parsed.data));
  const known = Object.keys(schema.shape);
  throw new OpsError(
    "invalid_input",
    atMost(parsed.error.issues.map(issueText), MOST_ISSUES, "fault").join(" "),
    `Valid arguments: ${known.join(", ") || "none"}.`,
  );
}

function wellFormed(args: JsonObject): JsonObject {
  if (isWellFormed(args)) return args;
  throw new OpsError(
    "invalid_input",
    "A text holds half of a Unicode pair (a lone surrogate).",
    "Send the text whole, as valid Unicode.",
  );
}

function issueText(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join(".");
  const said = clip(where === "" ? messageOf(issue) : `${where}: ${messageOf(issue)}`, MAX_ISSUE);
  return said.endsWith(".") ? said : `${said}.`;
}

/** A wrong type in plain words. */
function messageOf({ message }: z.core.$ZodIssue): string {
  const [, wanted, given] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (wanted === undefined) return message;
  return given === "undefined" ? "is missing" : `must be ${a(wanted)}, not ${a(String(given))}`;
}

function a(type: string): string {
  if (type === "null") return type;
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function narrowOne<N extends PortName>(bound: Bound, needs: readonly N[]): Pick<Ports, N> {
  if (!("one" in bound)) throw new Error("a tool of one place was bound to several");
  return narrow(bound.one, needs);
}

function narrowEach<N extends PortName>(
  bound: Bound,
  needs: readonly N[],
): readonly At<Pick<Ports, N>>[] {
  if (!("each" in bound)) throw new Error("a tool of several places was bound to one");
  return bound.each.map(({ label, ports }) => ({ label, ports: narrow(ports, needs) }));
}

function narrow<N extends PortName>(ports: Partial<Ports>, needs: readonly N[]): Pick<Ports, N> {
  if (!hasAll(ports, needs)) {
    throw new OpsError(
      "not_configured",
      `This needs ${needs.filter((name) => ports[name] === undefined).join(" and ")}.`,
      "Run `firewatch doctor` to see what is missing and how to set it.",
    );
  }
  return ports;
}

function hasAll<N extends PortName>(
  ports: Partial<Ports>,
  needs: readonly N[],
): ports is Partial<Ports> & Pick<Ports, N> {
  return needs.every((name) => ports[name] !== undefined);
}
