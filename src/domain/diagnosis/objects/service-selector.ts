import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer, Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { workloadKinds } from "#domain/kubernetes/object.ts";
import { kindWord, readWorkload, type Workload } from "#domain/kubernetes/workload.ts";
import { label, readWhole, scoped } from "./scoped.ts";
import { matches, readService, type Service, selectedPods, selectorOf } from "./service-shape.ts";
import { serviceCall } from "./services.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * A Service whose labels no pod carries. One whose pods are merely absent (scaled to zero, refused, not yet there)
 * is in order: a pod template carries the labels. A Service that lies outside the scope counts when it has the
 * workload's name, or labels that are the workload's but for one.
 */
export const serviceSelector: Analyzer = (scope, snapshot) => {
  if (!readWhole(snapshot, "pods", ...workloadKinds)) return [];
  const templates = workloadKinds.flatMap((kind) =>
    snapshot.of(kind).map((object) => readWorkload(kind, object)),
  );
  const asked = new Set(scoped(scope, "services").map(({ metadata }) => metadata.name));
  return snapshot
    .of("services")
    .map(readService)
    .flatMap((service) => {
      const near = nearest(service, templates);
      const concerned = asked.has(service.metadata.name) || isMeantFor(scope, service, near);
      return concerned ? astray(service, near, templates, snapshot) : [];
    });
};

function astray(
  service: Service,
  near: Workload | undefined,
  templates: readonly Workload[],
  snapshot: Snapshot,
): readonly Finding[] {
  const selector = selectorOf(service);
  if (selector === undefined || selectedPods(service, snapshot).length > 0) return [];
  const asked = withoutGenerated(selector);
  if (templates.some(({ template }) => matches(asked, template.metadata.labels))) return [];
  const object = label("Service", service);
  const labels = near && differing(selector, near.template.metadata.labels);
  const pods = near && `${label(kindWord(near.kind), near)}'s pods carry ${text(labels ?? {})}`;
  return [
    {
      cause: "service_selector",
      confidence: "certain",
      summary: `${object} selects ${text(selector)}, which no pod carries${pods ? `; ${pods}` : ""}.`,
      evidence: [
        { object, field: "spec.selector", value: text(selector) },
        ...(near
          ? [
              {
                object: label(kindWord(near.kind), near),
                field: "spec.template.metadata.labels",
                value: text(near.template.metadata.labels),
              },
            ]
          : []),
      ],
      affected: [object],
      remedy: "Make the Service's selector match the labels of the pods that it is for.",
      next: serviceCall(service),
    },
  ];
}

/** Labels that controllers give to pods, which no template carries. */
const GENERATED = ["statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"];

function withoutGenerated(selector: Labels): Labels {
  return Object.fromEntries(Object.entries(selector).filter(([key]) => !GENERATED.includes(key)));
}

/** The workload whose pods share most of the selector, or that has the Service's name. */
function nearest(service: Service, templates: readonly Workload[]): Workload | undefined {
  const selector = selectorOf(service) ?? {};
  const ranked = templates
    .filter(({ namespace }) => namespace === service.metadata.namespace)
    .map((workload) => ({ workload, score: score(service, selector, workload) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score);
  return ranked[0]?.workload;
}

function score(service: Service, selector: Labels, workload: Workload): number {
  const named = workload.name === service.metadata.name ? 1.5 : 0;
  return shared(selector, workload.template.metadata.labels) + named;
}

function shared(selector: Labels, labels: Labels): number {
  return Object.entries(selector).filter(([key, value]) => labels[key] === value).length;
}

function isMeantFor(scope: Scope, service: Service, near: Workload | undefined): boolean {
  if (near === undefined || !scope.workloads.some(({ name, kind }) => same(near, name, kind)))
    return false;
  const selector = selectorOf(service) ?? {};
  const missing = Object.keys(selector).length - shared(selector, near.template.metadata.labels);
  return near.name === service.metadata.name || (missing === 1 && Object.keys(selector).length > 1);
}

function same(workload: Workload, name: string, kind: Workload["kind"]): boolean {
  return workload.name === name && workload.kind === kind;
}

/** The labels under the selector's keys; all of them when none is there. */
function differing(selector: Labels, labels: Labels): Labels {
  const own = Object.entries(labels).filter(([key]) => Object.hasOwn(selector, key));
  return own.length > 0 ? Object.fromEntries(own) : labels;
}

function text(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.slice(0, 5).join(",") || "no labels";
}
