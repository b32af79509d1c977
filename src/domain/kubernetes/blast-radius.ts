import * as z from "zod";
import { count } from "#domain/text/table.ts";
import type { KubeObject, ResourceKind } from "./object.ts";
import { hasCondition, type Pod } from "./pod.ts";
import type { RolloutFacts } from "./rollout.ts";
import { selectorText } from "./selector.ts";
import { podsOf, type Workload } from "./workload.ts";

/** What may lead traffic to a workload, as read in its namespace. */
export interface TrafficObjects {
  readonly services: readonly KubeObject[];
  readonly ingresses: readonly KubeObject[];
  readonly httproutes: readonly KubeObject[];
  /** Kinds that these credentials may not see. */
  readonly unseen: readonly ResourceKind[];
}

/** A Service that selects the workload's pods, with all the pods that it selects. */
export interface Front {
  readonly name: string;
  readonly pods: readonly Pod[];
}

const serviceSchema = z.object({
  spec: z.object({ selector: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** Services that select the workload's pods, each with the selector to list its pods by. */
export function servicesInFront(
  { template }: Workload,
  services: readonly KubeObject[],
): readonly { readonly name: string; readonly labelSelector: string }[] {
  const { labels } = template.metadata;
  return services.flatMap((service) => {
    const { selector } = serviceSchema.parse(service).spec;
    const pairs = Object.entries(selector);
    const selected = pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
    const labelSelector = selectorText({ matchLabels: selector, matchExpressions: [] });
    return selected ? [{ name: service.metadata.name, labelSelector }] : [];
  });
}

/** Most names of one sort that are told. */
const MOST = 3;

/** The Services and routes in front of a workload, and its share of their pods, in one sentence. */
export function frontText(
  workload: Workload,
  facts: RolloutFacts,
  fronts: readonly Front[],
  around: TrafficObjects,
): string {
  if (around.unseen.includes("services")) return "Services in front of it could not be seen.";
  if (fronts.length === 0) return "No Service selects its pods.";
  const own = new Set(podsOf(workload, facts.replicaSets, facts.pods).map(uidOf));
  const names = new Set(fronts.map(({ name }) => name));
  return `In front: ${[
    ...some(fronts.map((front) => `service/${front.name} ${shareText(front, own)}`)),
    ...some(routes("ingress", around.ingresses, names)),
    ...some(routes("httproute", around.httproutes, names)),
  ].join(", ")}.`;
}

function some(texts: readonly string[]): readonly string[] {
  const rest = texts.length - MOST;
  return rest > 0 ? [...texts.slice(0, MOST), `${rest} more`] : texts;
}

/** Traffic is shared among ready pods, about evenly. */
function shareText({ pods }: Front, own: ReadonlySet<string>): string {
  const ready = pods.filter((pod) => hasCondition(pod, "Ready"));
  const mine = ready.filter((pod) => own.has(uidOf(pod))).length;
  if (ready.length === 0) return "(no ready pod)";
  if (mine === ready.length) return `(all of its ${count(mine, "ready pod")})`;
  const share = Math.round((100 * mine) / ready.length);
  return `(${mine} of ${count(ready.length, "ready pod")}, about ${share}% of its traffic)`;
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid;
}

/** Routes name a Service in several places of several versions: any of them counts. */
function routes(
  word: string,
  objects: readonly KubeObject[],
  services: ReadonlySet<string>,
): readonly string[] {
  return objects
    .filter((object) => backends(object.spec).some((name) => services.has(name)))
    .map(({ metadata }) => `${word}/${metadata.name}`);
}

const ingressBackend = z.object({ service: z.object({ name: z.string() }) });
const routeBackend = z.object({ name: z.string(), kind: z.literal("Service").default("Service") });

function backends(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(backends);
  if (typeof value !== "object" || value === null) return [];
  const ingress = ingressBackend.safeParse(value);
  if (ingress.success) return [ingress.data.service.name];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "backendRefs" ? referred(inner) : backends(inner),
  );
}

function referred(refs: unknown): readonly string[] {
  return (Array.isArray(refs) ? refs : []).flatMap((ref) => {
    const parsed = routeBackend.safeParse(ref);
    return parsed.success ? [parsed.data.name] : [];
  });
}
