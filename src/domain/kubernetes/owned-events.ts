import type { KubeEvent } from "./events.ts";
import { type Owner, ownerByName } from "./top-owner.ts";

/** Events of one reason about one workload or other object, and about all that works for it. */
export interface OwnedEvent {
  readonly type: string;
  readonly reason: string;
  readonly namespace: string;
  readonly owner: Owner;
  /** Objects that they are about. */
  readonly objects: number;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The newest; untrusted text. */
  readonly message: string;
}

interface Merged extends Omit<OwnedEvent, "objects"> {
  readonly names: Set<string>;
}

/** Takes events page by page and keeps one entry for each reason and owner. */
export interface OpenEvents {
  add(events: readonly KubeEvent[]): void;
  /** Warnings first, then the newest. */
  result(): readonly OwnedEvent[];
}

/** Merged by what `owner` makes of an event: the workload that it counts for, unless told otherwise. */
export function openEvents(owner: (event: KubeEvent) => Owner = ownerOf): OpenEvents {
  const merged = new Map<string, Merged>();
  return {
    add(events) {
      for (const event of events) {
        const { kind, name } = owner(event);
        const key = [event.namespace, kind, name, event.type, event.reason].join("\n");
        merged.set(key, joined(merged.get(key), event, { kind, name }));
      }
    },
    result: () =>
      [...merged.values()]
        .map(({ names, ...event }) => ({ ...event, objects: names.size }))
        .sort(byUrgency),
  };
}

/** The kind and name that an event is about. */
export function subjectOf({ object, name }: KubeEvent): Owner {
  return { kind: object.slice(0, object.indexOf("/")), name };
}

/** The workload that it counts for, by the name of what it is about. */
export function ownerOf(event: KubeEvent): Owner {
  return ownerByName(subjectOf(event));
}

function joined(known: Merged | undefined, event: KubeEvent, owner: Owner): Merged {
  const { type, reason, namespace, count, firstAt, lastAt, message, object } = event;
  if (known === undefined) {
    const names = new Set([object]);
    return { type, reason, namespace, owner, names, count, firstAt, lastAt, message };
  }
  known.names.add(object);
  const newer = lastAt > known.lastAt;
  return {
    ...known,
    count: known.count + count,
    firstAt: new Date(Math.min(firstAt.getTime(), known.firstAt.getTime())),
    lastAt: newer ? lastAt : known.lastAt,
    message: newer ? message : known.message,
  };
}

function byUrgency(a: OwnedEvent, b: OwnedEvent): number {
  const warning = Number(b.type === "Warning") - Number(a.type === "Warning");
  return warning || b.lastAt.getTime() - a.lastAt.getTime();
}

/** Whether an event is about the object, or about something that works for it as far as names tell. */
export function isAbout(event: KubeEvent, { kind, name }: Partial<Owner>): boolean {
  return [subjectOf(event), ownerOf(event)].some((each) => {
    const generated = name !== undefined && each.name === `${name}-*`;
    const ofKind = kind === undefined || each.kind === kind;
    return generated || (ofKind && (name === undefined || each.name === name));
  });
}
