import { fieldLines } from "#domain/text/field-diff.ts";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { mergedSelector, type PlannedShift, selectorOf } from "./traffic-split.ts";

type Labels = Readonly<Record<string, string | null>>;

/** Another set of pods behind a Service. Throws when nothing changes, or when nothing would be left to choose by. */
export function shiftSelector(object: KubeObject, asked: Labels): PlannedShift {
  const { name, namespace = "" } = object.metadata;
  const before = selectorOf(object);
  if (Object.keys(before).length === 0) throw selectorless(name);
  const changed = Object.entries(asked).filter(([key, value]) => (before[key] ?? null) !== value);
  if (changed.length === 0) throw asItIs(name);
  const selector = Object.fromEntries(changed);
  if (Object.keys(mergedSelector(before, selector)).length === 0) throw selectorless(name);
  const old = Object.fromEntries(changed.map(([key]) => [key, before[key] ?? null] as const));
  return {
    shift: { kind: "services", namespace, name, selector },
    diff: [
      `Service ${namespace}/${name}`,
      ...changed.flatMap(([key, value]) =>
        fieldLines({
          path: ["spec", "selector", key],
          before: before[key],
          after: value ?? undefined,
        }),
      ),
    ],
    undo: { selector: old },
    gaining: [],
    summary: `Send the traffic of service ${namespace}/${name} to other pods.`,
    warnings: ["Open connections stay with the old pods until they are closed."],
  };
}

function selectorless(name: string): OpsError {
  return new OpsError(
    "refused",
    `Service ${name} would have no selector: nothing would choose its endpoints.`,
    "Give labels that leave at least one.",
  );
}

function asItIs(name: string): OpsError {
  return new OpsError(
    "no_change",
    `Service ${name} has this selector already.`,
    "Look at what is behind it with kubectl_get, resource_type endpointslices.",
  );
}
