import { rowsOf } from "#domain/kubernetes/columns/index.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { NOW } from "./objects.ts";

type Shown = Readonly<Record<string, string>>;

/** Rows of objects as one flat record each: state, health and cells. */
export function rows(
  kind: ResourceKind,
  objects: readonly KubeObject[],
  named = false,
): readonly Shown[] {
  return rowsOf[kind](objects, { now: NOW, named }).map(({ state, health, cells }) => ({
    state,
    health,
    ...cells,
  }));
}

export function row(kind: ResourceKind, found: KubeObject, named = false): Shown | undefined {
  return rows(kind, [found], named)[0];
}
