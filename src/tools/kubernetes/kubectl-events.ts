import * as z from "zod";
import { since } from "#domain/kubernetes/columns/row.ts";
import { type KubeEvent, readEvent } from "#domain/kubernetes/events.ts";
import { isAbout, type OwnedEvent, openEvents } from "#domain/kubernetes/owned-events.ts";
import type { Owner } from "#domain/kubernetes/top-owner.ts";
import { count, table } from "#domain/text/table.ts";
import { isoSeconds, resolveTime } from "#domain/text/time.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import type { Workloads } from "#ports/workloads.ts";
import { type Call, defineQuery } from "#tools/define.ts";
import { kubeNameField, limitField, namespaceField, textField, timeField } from "#tools/fields.ts";
import { namespaceError } from "./missing.ts";
import { walk } from "./pages.ts";
import { readable } from "./readable.ts";

const MAX_MESSAGE = 120;
/** Time that is left for the answer when reading ends early. */
const RESERVE_MS = 8_000;

const input = z.strictObject({
  namespace: namespaceField,
  all_namespaces: z.boolean().default(false).describe("Every namespace."),
  resource_type: textField(128).optional().describe("Kind that they are about."),
  name: kubeNameField.optional().describe("Object or workload that they are about."),
  since: timeField.default("now-1h").describe("ISO 8601 or now-30m."),
  limit: limitField(15, 100),
});
type Input = z.output<typeof input>;

const eventRow = z.object({
  type: z.string(),
  reason: z.string(),
  namespace: z.string().optional(),
  about: z.string().describe("Kind and name; a pod's events count for its workload."),
  objects: z.int().describe("Objects that they are about."),
  count: z.int(),
  first_seen: z.string(),
  last_seen: z.string(),
  message: z.string(),
});

const output = z.object({
  summary: z.string(),
  events: z.array(eventRow).max(100),
  left_out: z.int(),
  next: z.string(),
});
type Output = z.output<typeof output>;

export const kubectlEvents = defineQuery({
  name: "kubectl_events",
  title: "Kubernetes events",
  description:
    "Events of a namespace, workload or cluster: warnings first, merged by reason and workload, with counts and times. Kept for about an hour.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input,
  output,
  untrusted: ["events[].message"],
  async run(asked, { workloads, clock }, call) {
    const now = clock.now();
    const subject = await subjectAsked(asked, workloads, call.signal);
    const from = resolveTime(asked.since, now);
    const found = await read(asked, { subject, from }, workloads, call);
    if (found.events.length === 0) await requireNamespace(asked, workloads, call.signal);
    return answer(asked, found, { now, from });
  },
  render: ({ summary, events, next }) =>
    [summary, eventsText(events), next].filter((line) => line !== "").join("\n"),
});

async function subjectAsked(
  { resource_type, name }: Input,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Partial<Owner>> {
  const named = name === undefined ? {} : { name };
  if (resource_type === undefined) return named;
  const { place } = await readable(resource_type, workloads, signal);
  return { kind: place.kind, ...named };
}

interface Wanted {
  readonly subject: Partial<Owner>;
  readonly from: Date;
}

interface Found {
  readonly events: readonly OwnedEvent[];
  /** Reading ended before all were read. */
  readonly cut: boolean;
}

async function read(
  { namespace, all_namespaces }: Input,
  { subject, from }: Wanted,
  workloads: Workloads,
  call: Call,
): Promise<Found> {
  const query = { kind: "events", ...(all_namespaces ? {} : { namespace }) } as const;
  const merged = openEvents();
  const wanted = (event: KubeEvent) => event.lastAt >= from && isAbout(event, subject);
  for await (const page of walk((at) => workloads.list({ ...query, ...at }, call.signal))) {
    merged.add(page.items.map(readEvent).filter(wanted));
    if (page.continue !== undefined && call.timeLeft() < RESERVE_MS) {
      return { events: merged.result(), cut: true };
    }
  }
  return { events: merged.result(), cut: false };
}

async function requireNamespace(
  { namespace, all_namespaces }: Input,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<void> {
  const error = await namespaceError(all_namespaces ? undefined : namespace, workloads, signal);
  if (error) throw error;
}

interface Times {
  readonly now: Date;
  readonly from: Date;
}

function answer(
  asked: Input,
  { events, cut }: Found,
  { now, from }: Times,
): z.input<typeof output> {
  const shown = events.slice(0, asked.limit);
  return {
    summary: `${summaryOf(events)}${scopeText(asked)} since ${isoSeconds(from)}.`,
    events: shown.map((event) => rowOf(event, now, asked.all_namespaces)),
    left_out: events.length - shown.length,
    next: nextStep(events.length, shown.length, cut),
  };
}

/** `41 warnings (3 sorts) and 7 other events (2 sorts)`. */
function summaryOf(events: readonly OwnedEvent[]): string {
  if (events.length === 0) return "No events";
  const warnings = events.filter(({ type }) => type === "Warning");
  const others = events.filter(({ type }) => type !== "Warning");
  return `${counted(warnings, "warning")} and ${counted(others, "other event")}`;
}

function counted(events: readonly OwnedEvent[], word: string): string {
  const total = events.reduce((sum, each) => sum + each.count, 0);
  return total === 0 ? `no ${word}s` : `${count(total, word)} (${count(events.length, "sort")})`;
}

function scopeText({ namespace, all_namespaces, resource_type = "", name = "" }: Input): string {
  const about = [resource_type, name].filter((part) => part !== "").join(" ");
  const where = all_namespaces ? "" : ` in namespace ${namespace}`;
  return `${about === "" ? "" : ` about ${about}`}${where}`;
}

function rowOf(event: OwnedEvent, now: Date, wide: boolean): z.input<typeof eventRow> {
  const { type, reason, owner, objects, namespace, firstAt, lastAt } = event;
  return {
    type,
    reason,
    ...(wide ? { namespace } : {}),
    about: `${owner.kind}/${owner.name}`,
    objects,
    count: event.count,
    first_seen: since(firstAt, now),
    last_seen: since(lastAt, now),
    message: clip(event.message, MAX_MESSAGE),
  };
}

function nextStep(all: number, shown: number, cut: boolean): string {
  return [
    all === 0 ? "The cluster keeps events for an hour or so; older ones are gone." : "",
    all > shown ? `${shown} of ${all} sorts shown. Raise limit, or name an object.` : "",
    cut ? "Time was up before all events were read. Ask for one namespace." : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function eventsText(events: Output["events"]): string {
  if (events.length === 0) return "";
  const wide = events.some(({ namespace }) => namespace !== undefined);
  const head = [
    "last seen",
    "type",
    "reason",
    "about",
    "count",
    "objects",
    "first seen",
    "message",
  ];
  const rows = events.map((event) => [
    ...(wide ? [event.namespace ?? ""] : []),
    event.last_seen,
    event.type,
    event.reason,
    event.about,
    `${event.count}`,
    `${event.objects}`,
    event.first_seen,
    event.message && quoted(event.message),
  ]);
  return table(wide ? ["namespace", ...head] : head, rows);
}
