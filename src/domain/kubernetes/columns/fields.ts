import { type FieldPath, valuesAt } from "#domain/kubernetes/field-path.ts";
import { shownObject } from "#domain/kubernetes/shown-object.ts";
import { clip } from "#domain/text/untrusted.ts";
import { cells, type Row, type Rows } from "./row.ts";

/** Longest text of one cell. */
const CELL = 160;

/** A column for each path, of the object as it may be shown. How each object does is told by `rows`. */
export function fieldRows(paths: readonly FieldPath[], rows: Rows): Rows {
  return (objects, view) =>
    objects.map((object) => {
      const shown = shownObject(object);
      const found = paths.map((path) => [path.text, cellText(valuesAt(shown, path))] as const);
      const [row] = rows([object], { ...view, named: false });
      return {
        ...(row ?? plain),
        cells: cells({ name: object.metadata.name, ...Object.fromEntries(found) }),
      };
    });
}

const plain: Row = { namespace: "", state: "", health: "well", cells: {} };

function cellText(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return clip([...new Set(texts)].join(", "), CELL);
}
