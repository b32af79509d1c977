import type { JsonObject } from "#domain/json.ts";
import { cleanJson, cleanObject, cleanText } from "#domain/text/redact.ts";
import { errorText, OpsError } from "#errors.ts";
import type { Caller, PlainTool, RedirectTool, Tool } from "#tools/tool.ts";
import { audit, type CallOptions, type Context, makeCall } from "./context.ts";
import { gate } from "./gate.ts";
import { allowedIn } from "./offer.ts";
import type { Outcome } from "./outcome.ts";
import { bind, bindOne, takePlace } from "./places.ts";
import { resume } from "./resume.ts";
import type { CallSettings } from "./settings.ts";

/** Longest text of an answer, in characters; tools keep their defaults far below it. */
const MAX_TEXT = 24_000;

/** The one path of every call: MCP, the command line and the runbook engine come through here. */
export async function perform(
  context: Context,
  name: string,
  raw: unknown,
  caller: Caller,
  options: CallOptions = {},
): Promise<Outcome> {
  const started = context.house.wallClock.now();
  const outcome = await answer(context, name, raw, caller, options).catch((error) =>
    refusal(context, name, options.signal?.aborted ? cancelled(error) : error),
  );
  const durationMs = context.house.wallClock.now().getTime() - started.getTime();
  await auditCall(context, name, raw, caller, outcome, durationMs);
  return outcome;
}

async function answer(
  context: Context,
  name: string,
  raw: unknown,
  caller: Caller,
  options: CallOptions,
): Promise<Outcome> {
  const tool = await find(context, name);
  const call = makeCall(context, caller, options);
  await context.house.world.refresh?.();
  if (asksForActions(tool) && context.settings.mode !== "read-only") await resume(context);
  if (tool.kind === "redirect") return redirected(context, tool, raw, call);
  const placed = takePlace(tool, raw, context.house);
  const here = placed.place === undefined ? call : { ...call, place: placed.place };
  if (tool.kind !== "action") return look(context, tool, placed.raw, here);
  const { args, common } = tool.accept(placed.raw);
  return gate(context, { tool, args, common, place: placed.place, isUndo: false, call: here });
}

/** What an ended process left unfinished is taken over by whoever next asks for actions. */
function asksForActions({ kind, needs }: Tool): boolean {
  return kind === "action" || needs.includes("actions");
}

/** `undo_action` becomes the call that takes the change back. */
async function redirected(
  context: Context,
  redirect: RedirectTool,
  raw: unknown,
  call: ReturnType<typeof makeCall>,
): Promise<Outcome> {
  const { args, common } = redirect.accept(raw);
  const ports = await bindOne(redirect, undefined, context.house, context.settings);
  const { place, ...way } = await redirect.resolve(args, ports);
  const tool = await find(context, way.tool);
  if (tool.kind !== "action") throw new Error(`${way.tool} takes nothing back`);
  const here = place === undefined ? call : { ...call, place };
  const accepted = tool.accept(way.args);
  return gate(context, { tool, args: accepted.args, common, place, isUndo: true, call: here });
}

async function look(
  context: Context,
  tool: PlainTool,
  raw: unknown,
  call: ReturnType<typeof makeCall>,
): Promise<Outcome> {
  const args = tool.accept(raw);
  const bound = await bind(tool, call.place, context.house, context.settings);
  const { structured, text } = tool.finish(cleanObject(await tool.run(args, bound, call)));
  return { kind: "done", structured, text: withinBudget(text) };
}

function withinBudget(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const left = text.length - MAX_TEXT;
  return `${text.slice(0, MAX_TEXT)}\n[${left} more characters left out: ask for less, or read the structured result]`;
}

/** Tools are loaded on the first call: a start lists them without. */
async function find({ settings, tools }: Context, name: string): Promise<Tool> {
  const { catalogue } = await import("#tools/index.ts");
  const names = tools.map((tool) => tool.name);
  const known = catalogue.get(name);
  if (!known) {
    throw new OpsError("not_found", `There is no tool ${name}.`, `Tools: ${names.join(", ")}.`);
  }
  if (names.includes(name)) return known;
  if (!allowedIn(settings.mode, known)) {
    throw new OpsError(
      "not_allowed",
      `${name} changes something, and this server is read-only.`,
      "A person restarts Firewatch with --mode dry-run or live to allow it.",
    );
  }
  throw new OpsError(
    "not_configured",
    `${name} is not offered: its toolset is off, or what it needs is not configured.`,
    "Run `firewatch doctor` to see what is missing and how to set it.",
  );
}

/** An expected failure as it is; anything else is logged with an id and answered with that id. */
function refusal({ settings }: Context, name: string, error: unknown): Outcome {
  const known =
    error instanceof OpsError ? error : (outOfTime(error) ?? unexpected(settings, error));
  if (known.code === "internal") {
    const cause = cleanText(
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    settings.log("error", "unexpected failure", { tool: name, said: known.message, cause });
  }
  return { kind: "refused", code: known.code, text: cleanText(errorText(known)) };
}

/** Whatever broke off when the caller gave up is the caller's doing; an expected failure stays what it is. */
function cancelled(error: unknown): OpsError {
  if (error instanceof OpsError) return error;
  return new OpsError("cancelled", "The caller gave up.", "Call again if it is still wanted.");
}

/** Whatever broke off while the caller still waits did so because the call's time was up. */
function outOfTime(error: unknown): OpsError | undefined {
  if (!(error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name))) return;
  return new OpsError(
    "timed_out",
    "The backend gave no full answer within the call's time.",
    "Ask for a shorter window or fewer rows, or raise --call-seconds.",
  );
}

function unexpected(settings: CallSettings, error: unknown): OpsError {
  const id = Buffer.from(settings.randomBytes(4)).toString("hex");
  return new OpsError(
    "internal",
    `A fault in Firewatch, logged as ${id}.`,
    "Try once more; if it stays, report it with the log's lines around that id.",
    { cause: error },
  );
}

/** A read is not lost because it could not be audited; actions audit their intent before they begin. */
async function auditCall(
  context: Context,
  tool: string,
  raw: unknown,
  caller: Caller,
  outcome: Outcome,
  durationMs: number,
): Promise<void> {
  const refused = outcome.kind === "refused";
  const entry = {
    event: refused ? "refused" : "call",
    outcome: refused ? outcome.code : outcome.kind,
    tool: tool.slice(0, 64),
    durationMs,
    detail: { args: auditable(raw) },
  } as const;
  await audit(context, caller, entry).catch((error) =>
    context.settings.log("error", "audit not written", { tool, error: String(error) }),
  );
}

const MAX_AUDITED = 4_000;

/** Cleaned before it is cut, lest half a secret be left. */
function auditable(raw: unknown): JsonObject {
  const given = cleanJson(JSON.parse(JSON.stringify(raw ?? {})));
  const text = JSON.stringify(given);
  return text.length > MAX_AUDITED ? { cut: text.slice(0, MAX_AUDITED) } : { given };
}
