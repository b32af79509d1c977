import { readEvent } from "#domain/kubernetes/events.ts";
import {
  isAbout,
  type OwnedEvent,
  openEvents,
  subjectOf,
} from "#domain/kubernetes/owned-events.ts";
import { pages } from "./pages.ts";
import type { Sight } from "./sight.ts";

interface Subject {
  readonly kind: string;
  readonly name: string;
  /** Events about what has no namespace are in `default`. */
  readonly namespace: string;
  /** What works for it, as events name it: `Pod/web-1`. */
  readonly family: readonly string[];
}

/** Events about an object and its family, merged; those of pods that are gone are known by their names. */
export async function eventsAbout(
  { kind, name, namespace, family }: Subject,
  sight: Sight,
): Promise<readonly OwnedEvent[]> {
  const merged = openEvents(kind === "Pod" ? subjectOf : undefined);
  const members = new Set(family);
  await sight.each("events", async ({ workloads, signal }) => {
    for await (const page of pages({ kind: "events", namespace }, workloads, signal)) {
      const events = page.map(readEvent);
      merged.add(
        events.filter((event) => members.has(event.object) || isAbout(event, { kind, name })),
      );
    }
  });
  return merged.result();
}
