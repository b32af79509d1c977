import { atMost } from "#domain/text/at-most.ts";
import { count } from "#domain/text/table.ts";
import type { Row, Rows, View } from "./columns/row.ts";
import type { KubeObject } from "./object.ts";

export interface ListingQuery extends View {
  /** As a person says the kind, in lower case. */
  readonly one: string;
  readonly many: string;
  readonly rows: Rows;
  /** The one that was searched. */
  readonly namespace?: string | undefined;
  /** Rows from several namespaces are told apart by a column. */
  readonly allNamespaces: boolean;
  readonly limit: number;
  /** Whether it helps to count them by workload. */
  readonly byOwner: boolean;
  /** What each row is of when one named object has several. */
  readonly part?: string | undefined;
}

/** Objects as rows of text, the sick ones first. */
export interface Listing {
  /** How many there are, by state. */
  readonly summary: string;
  /** How many there are of each workload, the sick ones first; empty when nothing owns them. */
  readonly byOwner: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly leftOut: number;
}

/** Takes objects page by page, and keeps no more of them than the rows that are shown. */
export interface OpenListing {
  add(objects: readonly KubeObject[]): void;
  /** Objects so far. */
  read(): number;
  result(): Listing;
}

/** Room for one row as JSON on average, so that 20 rows stay below 2,000 tokens. Fewer rows have the room of 20. */
const ROW_CHARACTERS = 200;
const FULL_ROWS = 20;

/** A listing of the objects that are added to it. Long rows leave room for fewer. */
export function openListing(query: ListingQuery): OpenListing {
  let [read, total] = [0, 0];
  let best: readonly Row[] = [];
  let first: string | undefined;
  const states = new Map<string, State>();
  const owners = new Map<string, Tally>();
  return {
    add(page) {
      const rows = query.rows(page, query);
      for (const row of rows) tally(row, states, owners, query);
      first ??= page[0]?.metadata.name;
      read += page.length;
      total += rows.length;
      best = ranked([...best, ...rows]).slice(0, query.limit);
    },
    read: () => read,
    result() {
      const shown = within(
        best.map((row) => cellsOf(row, query)),
        query.limit,
      );
      const summary = `${titleOf(first, total, query)}${statesText(states)}.`;
      const byOwner = query.byOwner ? ownersText(owners) : "";
      return { summary, byOwner, rows: shown, leftOut: total - shown.length };
    },
  };
}

/** How many rows are in a state, and how much it matters. */
interface State {
  count: number;
  readonly urgency: number;
}

/** Of one workload: all its rows, and those that are not well. */
interface Tally {
  all: number;
  sick: number;
}

const NO_OWNER = "without owner";

function tally(
  { state, health, owner, namespace }: Row,
  states: Map<string, State>,
  owners: Map<string, Tally>,
  { allNamespaces }: ListingQuery,
): void {
  const counted = states.get(state) ?? { count: 0, urgency: urgency[health] };
  counted.count += 1;
  states.set(state, counted);
  const where = allNamespaces ? ` in ${namespace}` : "";
  const label = owner ? `${owner.kind.toLowerCase()}/${owner.name}${where}` : NO_OWNER;
  const known = owners.get(label) ?? { all: 0, sick: 0 };
  known.all += 1;
  if (health !== "well") known.sick += 1;
  owners.set(label, known);
}

const urgency = { failing: 0, waiting: 1, well: 2 } as const;

function ranked(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => urgency[a.health] - urgency[b.health]);
}

function cellsOf({ namespace, cells }: Row, { allNamespaces }: ListingQuery): Row["cells"] {
  return allNamespaces ? { namespace, ...cells } : cells;
}

/** As many as fit, at least one. */
function within(rows: Listing["rows"], limit: number): Listing["rows"] {
  const room = Math.max(limit, FULL_ROWS) * ROW_CHARACTERS;
  let used = 0;
  return rows.filter((row, index) => {
    used += JSON.stringify(row).length;
    return index === 0 || used <= room;
  });
}

/** `12 pods in namespace data`. One ConfigMap has a row for each key. */
function titleOf(
  first: string | undefined,
  rows: number,
  { one, many, part, namespace }: ListingQuery,
): string {
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  if (first === undefined) return `No ${many}${where}`;
  return part === undefined
    ? `${count(rows, one, many)}${where}`
    : `${count(rows, part)} of ${one} ${first}${where}`;
}

/** `: 3 CrashLoopBackOff, 9 Running`. */
function statesText(states: ReadonlyMap<string, State>): string {
  const named = [...states].filter(([state]) => state !== "");
  const sorted = named.sort(([, a], [, b]) => a.urgency - b.urgency);
  const parts = sorted.map(([state, { count: n }]) => `${n} ${state}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

/** Most workloads that are named. */
const MOST_OWNERS = 8;

/** `deployment/web 4 (3 not well), job/export 1`. */
function ownersText(owners: ReadonlyMap<string, Tally>): string {
  if ([...owners.keys()].every((label) => label === NO_OWNER)) return "";
  const sorted = [...owners].sort(([, a], [, b]) => b.sick - a.sick || b.all - a.all);
  const texts = sorted.map(
    ([label, { all, sick }]) => `${label} ${all}${sick > 0 ? ` (${sick} not well)` : ""}`,
  );
  return atMost(texts, MOST_OWNERS, "workload").join(", ");
}
