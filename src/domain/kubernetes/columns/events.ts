import { mergeEvents, readEvent } from "#domain/kubernetes/events.ts";
import { clip } from "#domain/text/untrusted.ts";
import { cells, type Rows, since } from "./row.ts";

const MESSAGE = 160;

/** One row per reason and object: warnings first, then the newest. */
export const eventRows: Rows = (objects, { now }) =>
  mergeEvents(objects.map(readEvent)).map((event) => ({
    namespace: event.namespace,
    state: event.type,
    health: event.type === "Warning" ? "failing" : "well",
    cells: cells({
      last_seen: since(event.lastAt, now),
      type: event.type,
      reason: event.reason,
      object: event.object,
      count: event.count,
      first_seen: since(event.firstAt, now),
      message: clip(event.message, MESSAGE),
    }),
  }));
