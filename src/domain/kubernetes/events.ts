import * as z from "zod";
import { type KubeObject, metadataSchema } from "./object.ts";

const eventSchema = z.object({
  metadata: metadataSchema,
  type: z.string().default("Normal"),
  reason: z.string().default(""),
  message: z.string().default(""),
  count: z.int().nullish(),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: z.int().default(0), lastObservedTime: z.string().nullish() }).nullish(),
  involvedObject: z
    .object({
      kind: z.string().default(""),
      name: z.string().default(""),
      uid: z.string().default(""),
    })
    .prefault({}),
});

/** One event, or several of the same reason about the same object. The message is untrusted text. */
export interface KubeEvent {
  readonly type: string;
  readonly reason: string;
  readonly namespace: string;
  /** Kind and name of what it is about, as `Pod/web-1`. */
  readonly object: string;
  readonly name: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly message: string;
}

export function readEvent(object: KubeObject): KubeEvent {
  const raw = eventSchema.parse(object);
  const { kind, name } = raw.involvedObject;
  const created = raw.metadata.creationTimestamp;
  const first = raw.firstTimestamp ?? raw.eventTime ?? created ?? EPOCH;
  const last = raw.series?.lastObservedTime ?? raw.lastTimestamp ?? first;
  return {
    type: raw.type,
    reason: raw.reason,
    namespace: raw.metadata.namespace ?? "",
    object: `${kind}/${name}`,
    name,
    count: raw.series?.count ?? raw.count ?? 1,
    firstAt: new Date(first),
    lastAt: new Date(last),
    message: raw.message,
  };
}

const EPOCH = "1970-01-01T00:00:00Z";

/** One row per reason and object with the newest message: warnings first, then the newest. */
export function mergeEvents(events: readonly KubeEvent[]): readonly KubeEvent[] {
  const merged = new Map<string, KubeEvent>();
  for (const event of events) {
    const key = [event.namespace, event.object, event.type, event.reason].join("\n");
    const known = merged.get(key);
    merged.set(key, known ? joined(known, event) : event);
  }
  return [...merged.values()].sort(byUrgency);
}

function joined(a: KubeEvent, b: KubeEvent): KubeEvent {
  const newest = a.lastAt >= b.lastAt ? a : b;
  const firstAt = new Date(Math.min(a.firstAt.getTime(), b.firstAt.getTime()));
  return { ...newest, count: a.count + b.count, firstAt };
}

function byUrgency(a: KubeEvent, b: KubeEvent): number {
  const warning = Number(b.type === "Warning") - Number(a.type === "Warning");
  return warning || b.lastAt.getTime() - a.lastAt.getTime();
}

/** Merged warnings about any of the named objects. */
export function warningsAbout(names: ReadonlySet<string>, events: readonly KubeEvent[]) {
  return mergeEvents(events.filter(({ type, name }) => type === "Warning" && names.has(name)));
}
