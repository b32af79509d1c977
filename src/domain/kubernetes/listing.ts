import { count } from "#domain/text/table.ts";
import { rowsOf } from "./columns/index.ts";
import type { Row, View } from "./columns/row.ts";
import { kindNames } from "./kinds.ts";
import type { KubeObject, ResourceKind } from "./object.ts";

export interface ListingQuery extends View {
  readonly kind: ResourceKind;
  /** The one that was searched. */
  readonly namespace?: string | undefined;
  /** Rows from several namespaces are told apart by a column. */
  readonly allNamespaces: boolean;
  readonly limit: number;
}

/** Objects as rows of text, the sick ones first. */
export interface Listing {
  /** How many there are, by state. */
  readonly summary: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly leftOut: number;
}

/** Room for one row as JSON on average, so that 20 rows stay below 2,000 tokens. Fewer rows have the room of 20. */
const ROW_CHARACTERS = 200;
const FULL_ROWS = 20;

/** Rows of the objects within the limit. Long rows leave room for fewer. */
export function listing(objects: readonly KubeObject[], query: ListingQuery): Listing {
  const rows = ranked(rowsOf[query.kind](objects, query));
  const wanted = rows
    .slice(0, query.limit)
    .map(({ namespace, cells }) => (query.allNamespaces ? { namespace, ...cells } : cells));
  const shown = within(wanted, Math.max(query.limit, FULL_ROWS) * ROW_CHARACTERS);
  return {
    summary: `${titleOf(objects, rows.length, query)}${statesText(rows)}.`,
    rows: shown,
    leftOut: rows.length - shown.length,
  };
}

const urgency = { failing: 0, waiting: 1, well: 2 } as const;

function ranked(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => urgency[a.health] - urgency[b.health]);
}

/** As many as fit, at least one. */
function within(rows: Listing["rows"], characters: number): Listing["rows"] {
  let used = 0;
  return rows.filter((row, index) => {
    used += JSON.stringify(row).length;
    return index === 0 || used <= characters;
  });
}

/** `12 pods in namespace data`. One ConfigMap has a row for each key. */
function titleOf(
  objects: readonly KubeObject[],
  total: number,
  { kind, named, namespace }: ListingQuery,
): string {
  const { one, many } = kindNames(kind);
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  const [only] = objects;
  if (only === undefined) return `No ${many}${where}`;
  return named && kind === "configmaps"
    ? `${count(total, "key")} of ${one} ${only.metadata.name}${where}`
    : `${count(total, one, many)}${where}`;
}

/** `: 3 CrashLoopBackOff, 9 Running`. */
function statesText(rows: readonly Row[]): string {
  const states = new Map<string, number>();
  for (const { state } of rows) if (state !== "") states.set(state, (states.get(state) ?? 0) + 1);
  const parts = [...states].map(([state, n]) => `${n} ${state}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}
