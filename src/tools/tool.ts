import type * as z from "zod";
import type { Applied, Owner, Risk, Target, Undo, Verification } from "#domain/approvals/action.ts";
import type { Json, JsonObject } from "#domain/json.ts";
import type { Chat } from "#ports/chat.ts";
import type { PortName, Ports } from "#ports/index.ts";
import type { ActionFields } from "./fields.ts";

/** Who calls, as far as is known. `verified` is false on stdio, where the host says who it is. */
export interface Caller {
  readonly principal: string;
  readonly client: string;
  readonly transport: "stdio" | "http" | "memory" | "terminal";
  readonly verified: boolean;
}

/** What a running tool knows of its call. */
export interface Call {
  /** Aborts when the caller cancels or the call's time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds until the call's time is up. */
  timeLeft(): number;
  readonly caller: Caller;
  /** Messages to people leave only in live mode. */
  readonly mode: Mode;
  /** Where messages to people go; absent when nothing is configured. A tool that needs it must do without. */
  readonly chat?: Chat;
  readonly incident?: string;
  /** The action that is being carried out, once a person has approved it: by which code, as it is applied. */
  readonly action?: { readonly id: string; readonly incident?: string; readonly approval?: string };
  /** Whether who asked has taken it back: an action of many steps then stops between two of them. */
  readonly cancelled?: () => boolean;
  /** Name of the cluster or region that the ports belong to. */
  readonly place?: string;
  progress(message: string, done?: number, total?: number): void;
}

export const modes = ["read-only", "dry-run", "live"] as const;
export type Mode = (typeof modes)[number];

/** Where a tool's ports belong: nowhere in particular, one cluster, one region, or all regions at once. */
export type Place = "none" | "cluster" | "region" | "regions";

/** The ports of one place, under its name. */
export interface At<P> {
  readonly label: string;
  readonly ports: P;
}

/** What `plan` finds out and proposes. */
export interface Plan<Planned> {
  readonly target: Target;
  /** All that the approval covers: when any of it differs at the second look, the approval is void. */
  readonly binds: JsonObject;
  /** What a person is shown, and no more than shown: it may change by the minute. */
  readonly shows: {
    readonly summary: string;
    readonly diff: string;
    readonly impact: string;
    readonly warnings: readonly string[];
    /** The same change by hand. */
    readonly command: string;
  };
  /** Controllers that would fight or revert the change; refused unless the policy allows it. */
  readonly owners: readonly Owner[];
  readonly undo?: Undo;
  /** The plan as plain JSON, for `apply`; stored. */
  readonly planned: Planned;
}

/** Ports handed to a tool: of one place, or of each. */
export type Bound =
  | { readonly one: Partial<Ports> }
  | { readonly each: readonly At<Partial<Ports>>[] };

export interface Described {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly needs: readonly PortName[];
  readonly place: Place;
  readonly input: z.ZodObject;
}

/** A query or a record with its type parameters erased. */
export interface PlainTool extends Described {
  readonly kind: "query" | "record";
  readonly output: z.ZodObject;
  /** Checked arguments as plain JSON, defaults filled in. Throws `invalid_input`. */
  accept(raw: unknown): JsonObject;
  run(args: JsonObject, bound: Bound, call: Call): Promise<JsonObject>;
  /** Checks the structure against the output schema and writes the text from it. */
  finish(structured: JsonObject): { readonly structured: JsonObject; readonly text: string };
}

/** An action with its type parameters erased. */
export interface ActionTool extends Described {
  readonly kind: "action";
  readonly risk: Risk;
  readonly reversible: "yes" | "partial" | "no";
  /** Checked arguments of the tool's own, and apart from them what every action takes. */
  accept(raw: unknown): { readonly args: JsonObject; readonly common: ActionFields };
  plan(args: JsonObject, ports: Partial<Ports>, call: Call): Promise<Plan<Json>>;
  apply(planned: Json, ports: Partial<Ports>, call: Call): Promise<Applied>;
  settle(
    planned: Json,
    ports: Partial<Ports>,
    call: Call,
  ): Promise<"applied" | "not_applied" | "unknown">;
  verify(planned: Json, ports: Partial<Ports>, call: Call): Promise<Omit<Verification, "at">>;
}

/** Stands for another call: `undo_action`. That call's own risk and gate apply. */
export interface RedirectTool extends Described {
  readonly kind: "redirect";
  accept(raw: unknown): { readonly args: JsonObject; readonly common: ActionFields };
  resolve(
    args: JsonObject,
    ports: Partial<Ports>,
  ): Promise<{ readonly tool: string; readonly args: JsonObject; readonly place?: string }>;
}

export type Tool = PlainTool | ActionTool | RedirectTool;
