import type { Json, JsonObject } from "#domain/json.ts";

/** Share of the requests that a canary Ingress of ingress-nginx takes, of `canary-weight-total` (100 when absent). */
export const CANARY_WEIGHT = "nginx.ingress.kubernetes.io/canary-weight";

interface Where {
  readonly namespace: string;
  readonly name: string;
}

/** Another split of traffic, in one of the three places where the API keeps it. `null` removes. */
export type TrafficShift =
  | (Where & {
      readonly kind: "services";
      readonly selector: Readonly<Record<string, string | null>>;
    })
  | (Where & { readonly kind: "ingresses"; readonly weight: string | null })
  | (Where & {
      readonly kind: "httproutes";
      /** All rules of the route, for the API replaces lists whole. */
      readonly rules: readonly Json[];
    });

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
