import * as z from "zod";
import { digest } from "#domain/digest.ts";
import { isObject, type Json, type JsonObject, toJson } from "#domain/json.ts";
import type { KubeObject } from "./object.ts";
import { CANARY_WEIGHT, type TrafficShift } from "./traffic-shift.ts";

export type TrafficKind = TrafficShift["kind"];

/** A shift as it is planned. */
export interface PlannedShift {
  readonly shift: TrafficShift;
  /** Lines of the diff. */
  readonly diff: readonly string[];
  /** The tool's own arguments that restore the split. */
  readonly undo: JsonObject;
  /** Services that get more traffic than before; a Service whose selector changes is not among them. */
  readonly gaining: readonly string[];
  /** What happens, in one sentence. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

const serviceSchema = z.object({
  spec: z.object({ selector: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** The labels by which a Service finds its pods. */
export function selectorOf(object: KubeObject): Readonly<Record<string, string>> {
  return serviceSchema.parse(object).spec.selector;
}

/** What decides on the split, as it is now: the selector, the weight, or the rules. */
export function splitOf(kind: TrafficKind, object: KubeObject): Json {
  switch (kind) {
    case "services":
      return { ...selectorOf(object) };
    case "ingresses":
      return object.metadata.annotations[CANARY_WEIGHT] ?? null;
    case "httproutes":
      return toJson(isObject(object.spec) ? object.spec.rules : null);
  }
}

/** Equal splits have equal digests. */
export function splitDigest(kind: TrafficKind, object: KubeObject): string {
  return digest({ split: splitOf(kind, object) });
}

/** The digest that the object has once the shift is made. */
export function shiftedDigest(shift: TrafficShift, object: KubeObject): string {
  switch (shift.kind) {
    case "services":
      return digest({ split: mergedSelector(selectorOf(object), shift.selector) });
    case "ingresses":
      return digest({ split: shift.weight });
    case "httproutes":
      return digest({ split: shift.rules });
  }
}

export function mergedSelector(
  before: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = Object.entries({ ...before, ...changes });
  return Object.fromEntries(
    merged.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  );
}

const endpointSliceSchema = z.object({
  endpoints: z
    .array(
      z.object({
        conditions: z.object({ ready: z.boolean().nullish() }).prefault({}),
        targetRef: z.object({ uid: z.string().default("") }).nullish(),
      }),
    )
    .nullish(),
});

/** Uids of the pods that these slices send traffic to; empty text for what is no pod. */
export function readyEndpoints(slices: readonly KubeObject[]): readonly string[] {
  const endpoints = slices.flatMap((slice) => endpointSliceSchema.parse(slice).endpoints ?? []);
  // An absent condition means ready.
  const ready = endpoints.filter(({ conditions }) => conditions.ready !== false);
  return ready.map(({ targetRef }) => targetRef?.uid ?? "");
}
