import type { Right } from "#domain/kubernetes/access.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { placeOf } from "#domain/kubernetes/places.ts";
import { shiftCanary } from "#domain/kubernetes/shift-canary.ts";
import { shiftRoute } from "#domain/kubernetes/shift-route.ts";
import { shiftSelector } from "#domain/kubernetes/shift-selector.ts";
import {
  mergedSelector,
  type PlannedShift,
  selectorOf,
  type TrafficKind,
} from "#domain/kubernetes/traffic-split.ts";
import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import {
  endpointsOf,
  ingressesIn,
  nothingBehind,
  readyPods,
  requireEndpoints,
} from "./traffic-reads.ts";

/** What is asked for: the argument that is given says of which sort it is. */
export interface Asked {
  readonly name: string;
  readonly namespace: string;
  readonly selector?: Readonly<Record<string, string | null>> | undefined;
  readonly weight?: number | null | undefined;
  readonly weights?: Readonly<Record<string, number>> | undefined;
  readonly rule?: number | undefined;
}

interface ShiftRef {
  readonly kind: TrafficKind;
  readonly namespace: string;
  readonly name: string;
}

/** The object that keeps the split. */
export function refOfShift({ name, namespace, selector, weight, weights }: Asked): ShiftRef {
  const kinds: readonly TrafficKind[] = [
    ...(selector === undefined ? [] : (["services"] as const)),
    ...(weight === undefined ? [] : (["ingresses"] as const)),
    ...(weights === undefined ? [] : (["httproutes"] as const)),
  ];
  const [kind, second] = kinds;
  if (kind !== undefined && second === undefined) return { kind, namespace, name };
  throw new OpsError(
    "invalid_input",
    "One of selector, weight and weights says what to shift.",
    "Give selector for a Service, weight for a canary Ingress, weights for an HTTPRoute.",
  );
}

export function rightOf({ kind, namespace }: ShiftRef): Right {
  const { group, resource } = placeOf(kind);
  return { verb: "patch", group, resource, namespace };
}

/** The shift, and who gets the traffic then. Throws when nothing ready would be there to take it. */
export async function planShift(
  asked: Asked,
  object: KubeObject,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<{ readonly found: PlannedShift; readonly impact: string }> {
  const { namespace, selector, weight, weights = {}, rule = 0 } = asked;
  if (selector !== undefined) {
    const found = shiftSelector(object, selector);
    return { found, impact: await selectorImpact(object, selector, workloads, signal) };
  }
  const found =
    weight === undefined
      ? shiftRoute(object, rule, weights)
      : shiftCanary(object, weight, await ingressesIn(namespace, workloads, signal));
  const more = await requireEndpoints(namespace, found.gaining, workloads, signal);
  const impact =
    more.length > 0
      ? `More traffic goes to ${more.join(", ")}.`
      : "Where more traffic goes is not known.";
  return { found, impact };
}

async function selectorImpact(
  object: KubeObject,
  asked: Readonly<Record<string, string | null>>,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<string> {
  const { name, namespace = "" } = object.metadata;
  const after = mergedSelector(selectorOf(object), asked);
  const [now, then] = await Promise.all([
    endpointsOf(namespace, name, workloads, signal),
    readyPods(namespace, after, workloads, signal),
  ]);
  if (then.length === 0) throw nothingBehind(`the new selector of service/${name}`);
  const kept = then.filter((uid) => now.includes(uid)).length;
  return `All traffic of service/${name} goes to ${count(then.length, "ready pod")} instead of ${now.length}; ${kept} of them take it now.`;
}
