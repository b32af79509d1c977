import * as z from "zod";
import { type JsonObject, jsonSchema } from "#domain/json.ts";

/** Share of the requests that a canary Ingress of ingress-nginx takes, of `canary-weight-total` (100 when absent). */
export const CANARY_WEIGHT = "nginx.ingress.kubernetes.io/canary-weight";

const where = { namespace: z.string(), name: z.string() };

/** Another split of traffic, in one of the three places where the API keeps it. `null` removes. */
export const trafficShiftSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("services"),
    ...where,
    selector: z.record(z.string(), z.string().nullable()),
  }),
  z.object({ kind: z.literal("ingresses"), ...where, weight: z.string().nullable() }),
  z.object({
    kind: z.literal("httproutes"),
    ...where,
    /** All rules of the route, for the API replaces lists whole. */
    rules: z.array(jsonSchema).readonly(),
  }),
]);
export type TrafficShift = z.output<typeof trafficShiftSchema>;

/** What it sets: a merge patch in two parts. */
export interface TrafficPatch {
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly spec: JsonObject;
}

export function trafficPatch(shift: TrafficShift): TrafficPatch {
  switch (shift.kind) {
    case "services":
      return { annotations: {}, spec: { selector: { ...shift.selector } } };
    case "ingresses":
      return { annotations: { [CANARY_WEIGHT]: shift.weight }, spec: {} };
    case "httproutes":
      return { annotations: {}, spec: { rules: shift.rules } };
  }
}
