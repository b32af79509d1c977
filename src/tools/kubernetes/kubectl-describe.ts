import * as z from "zod";
import { since } from "#domain/kubernetes/columns/row.ts";
import { type ConditionFact, conditionFacts } from "#domain/kubernetes/describe/conditions.ts";
import {
  type ContainerFact,
  foremost,
  podContainers,
  templateContainers,
} from "#domain/kubernetes/describe/containers.ts";
import { tolerationTexts, volumeTexts } from "#domain/kubernetes/describe/pod-parts.ts";
import { specFacts } from "#domain/kubernetes/describe/spec-facts.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { OwnedEvent } from "#domain/kubernetes/owned-events.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { podTemplateSchema } from "#domain/kubernetes/template.ts";
import { readUsage } from "#domain/kubernetes/usage.ts";
import { clip } from "#domain/text/untrusted.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, namespaceField, textField } from "#tools/fields.ts";
import { eventsAbout } from "./events-about.ts";
import { describedText } from "./kubectl-describe-text.ts";
import { type Readable, readable, readOne } from "./readable.ts";
import { type Children, childrenOf, ownersOf } from "./relatives.ts";
import { type Sight, sightOf } from "./sight.ts";

const MAX_CONDITIONS = 6;
const MAX_CONTAINERS = 4;
const MAX_LINES = 6;
const MAX_EVENTS = 5;
const MAX_MESSAGE = 120;

const conditionRow = z.object({
  type: z.string(),
  status: z.string(),
  since: z.string(),
  reason: z.string(),
  message: z.string(),
  bad: z.boolean().describe("Tells of trouble."),
});
const containerRow = z.object({
  name: z.string(),
  role: z.enum(["container", "init", "sidecar"]),
  image: z.string(),
  state: z.string(),
  last_state: z.string(),
  restarts: z.int(),
  resources: z.string(),
  probes: z.string(),
  message: z.string(),
});
const eventRow = z.object({
  type: z.string(),
  reason: z.string(),
  about: z.string(),
  count: z.int(),
  first_seen: z.string(),
  last_seen: z.string(),
  message: z.string(),
});

const output = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  facts: z.record(z.string(), z.string()),
  owners: z.array(z.string()).describe("From the next above to the last."),
  conditions: z.array(conditionRow).max(MAX_CONDITIONS).describe("Trouble first."),
  containers: z.array(containerRow).max(MAX_CONTAINERS),
  volumes: z.array(z.string()).max(MAX_LINES),
  tolerations: z.array(z.string()).max(MAX_LINES),
  children: z.array(z.object({ summary: z.string(), names: z.array(z.string()) })),
  events: z.array(eventRow).max(MAX_EVENTS).describe("Merged, warnings first."),
  left_out: z.array(z.string()),
  unread: z.array(z.string()).describe("Kinds that could not be read."),
});
export type Described = z.output<typeof output>;

export const kubectlDescribe = defineQuery({
  name: "kubectl_describe",
  title: "Describe a Kubernetes object",
  description:
    "All about one object of any kind: conditions, containers with last exit explained, probes, use against limits, volumes, owners, children, events.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input: z.strictObject({
    resource_type: textField(128).describe("Kind, such as pod or a custom one."),
    name: kubeNameField.describe("Object."),
    namespace: namespaceField,
  }),
  output,
  untrusted: ["facts.*", "conditions[].message", "containers[].message", "events[].message"],
  async run({ resource_type, name, namespace }, { workloads, clock }, { signal }) {
    const now = clock.now();
    const kind = await readable(resource_type, workloads, signal);
    const scope = kind.place.namespaced ? { namespace } : {};
    const object = await readOne(kind, { name, namespace: scope.namespace }, signal);
    if (object === undefined) throw await kind.missing(name, scope.namespace, signal);
    const sight = sightOf({ workloads, signal });
    const about = { kind, object, sight, now };
    const [owners, children] = await Promise.all([
      ownersOf(object, sight),
      childrenOf(kind.known, object, sight, now),
    ]);
    const [parts, events] = await Promise.all([partsOf(about), eventsOf(about, children)]);
    return {
      kind: kind.place.kind,
      name,
      ...scope,
      ...answer(about, { owners, children, parts, events }),
    };
  },
  render: describedText,
});

interface About {
  readonly kind: Readable;
  readonly object: KubeObject;
  readonly sight: Sight;
  readonly now: Date;
}

interface Parts {
  readonly containers: readonly ContainerFact[];
  readonly spec: unknown;
}

/** Containers and volumes, of a pod as it runs or of a template. */
async function partsOf({ kind, object, sight, now }: About): Promise<Parts> {
  if (kind.known === "pods") {
    const { name, namespace = "" } = object.metadata;
    const measured = await sight.get({ kind: "podmetrics", name, namespace });
    const usage = measured && readUsage(measured);
    return { containers: podContainers(readPod(object), usage, now), spec: object.spec };
  }
  const template = templateOf(object);
  const parsed = podTemplateSchema.safeParse(template);
  if (template === undefined || !parsed.success) return { containers: [], spec: undefined };
  return { containers: templateContainers(parsed.data.spec), spec: template.spec };
}

const nestedSchema = z.object({ spec: z.looseObject({}) });
const holderSchema = z.union([
  z.object({ template: nestedSchema }),
  z.object({ jobTemplate: z.object({ spec: z.object({ template: nestedSchema }) }) }),
]);

function templateOf({ spec }: KubeObject): z.output<typeof nestedSchema> | undefined {
  const { data } = holderSchema.safeParse(spec);
  if (data === undefined) return undefined;
  return "template" in data ? data.template : data.jobTemplate.spec.template;
}

/** Kinds that lose nothing when their children's events are told apart from theirs. */
const APART: readonly (string | undefined)[] = ["nodes", "persistentvolumeclaims", "services"];

function eventsOf({ kind, object, sight }: About, children: readonly Children[]) {
  const { name, namespace = "default" } = object.metadata;
  const family = APART.includes(kind.known) ? [] : children.flatMap(({ all }) => all);
  return eventsAbout({ kind: kind.place.kind, name, namespace, family }, sight);
}

interface Found {
  readonly owners: readonly string[];
  readonly children: readonly Children[];
  readonly parts: Parts;
  readonly events: readonly OwnedEvent[];
}

function answer({ kind, object, sight, now }: About, { owners, children, parts, events }: Found) {
  const conditions = conditionFacts(object, now);
  const volumes = volumeTexts(parts.spec);
  const tolerations = tolerationTexts(parts.spec);
  return {
    facts: specFacts(object, { rows: kind.rows, known: kind.known, now }),
    owners: [...owners],
    conditions: conditions.slice(0, MAX_CONDITIONS).map(clipped),
    containers: foremost(parts.containers, MAX_CONTAINERS).map(clipped),
    volumes: volumes.slice(0, MAX_LINES),
    tolerations: tolerations.slice(0, MAX_LINES),
    children: children.map(({ summary, names }) => ({ summary, names: [...names] })),
    events: events.slice(0, MAX_EVENTS).map((event) => eventOf(event, now)),
    left_out: [
      more(conditions.length, MAX_CONDITIONS, "conditions"),
      more(parts.containers.length, MAX_CONTAINERS, "containers"),
      more(volumes.length, MAX_LINES, "volumes"),
      more(tolerations.length, MAX_LINES, "tolerations"),
      more(events.length, MAX_EVENTS, "sorts of events (kubectl_events lists them)"),
    ].filter((part) => part !== ""),
    unread: [...sight.unread()],
  };
}

function clipped<Row extends ConditionFact | ContainerFact>(row: Row): Row {
  return { ...row, message: clip(row.message, MAX_MESSAGE) };
}

function more(all: number, most: number, what: string): string {
  return all > most ? `${all - most} more ${what}` : "";
}

function eventOf(event: OwnedEvent, now: Date): z.input<typeof eventRow> {
  const { type, reason, owner, firstAt, lastAt } = event;
  return {
    type,
    reason,
    about: `${owner.kind}/${owner.name}`,
    count: event.count,
    first_seen: since(firstAt, now),
    last_seen: since(lastAt, now),
    message: clip(event.message, MAX_MESSAGE),
  };
}
