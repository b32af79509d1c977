import * as z from "zod";
import { isObject } from "#domain/json.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { TimeWindow } from "#domain/window.ts";

const managedFieldsSchema = z
  .array(
    z.object({
      manager: z.string().default(""),
      operation: z.string().default("Update"),
      time: z.string().optional(),
      subresource: z.string().default(""),
      fieldsV1: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .catch([]);

/** The last time that somebody set fields of an object, and all fields that they hold since their first. */
export interface Write {
  /** The name that a client gives itself; untrusted text. */
  readonly manager: string;
  /** Whole objects are applied; single fields are updated. */
  readonly applied: boolean;
  readonly at: Date;
  readonly subresource: string;
  /** In the API's notation: `f:` before the name of each field. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Who wrote what into an object, as the API server remembers it. */
export function writesOf({ metadata }: Pick<KubeObject, "metadata">): readonly Write[] {
  return entriesOf(metadata).flatMap((entry) => {
    const { manager, operation, time, subresource, fieldsV1: fields } = entry;
    if (time === undefined) return [];
    const applied = operation === "Apply" || manager === "kubectl-client-side-apply";
    return [
      { manager: nameOf(manager, metadata), applied, at: new Date(time), subresource, fields },
    ];
  });
}

/** Who last set the replicas through the subresource, of which the API server remembers no time; empty when nobody did. */
export function scalerOf({ metadata }: Pick<KubeObject, "metadata">): string {
  const entry = entriesOf(metadata).find(({ subresource }) => subresource === "scale");
  return entry?.manager ?? "";
}

function entriesOf({ managedFields }: KubeObject["metadata"]) {
  return managedFieldsSchema.parse(managedFields ?? []);
}

/** Our own changes name the action that made them. */
function nameOf(manager: string, { annotations }: KubeObject["metadata"]): string {
  const action = annotations["firewatch.dev/action"];
  return manager === "firewatch" && action !== undefined ? `firewatch (${action})` : manager;
}

/** Names of the fields that are held under a path, such as the keys under `data`. */
export function fieldsUnder(
  { fields }: Pick<Write, "fields">,
  ...path: readonly string[]
): string[] {
  let at: unknown = fields;
  for (const part of path) at = isObject(at) ? at[`f:${part}`] : undefined;
  return isObject(at)
    ? Object.keys(at).flatMap((key) => (key.startsWith("f:") ? [key.slice(2)] : []))
    : [];
}

/** Kubernetes' own controllers, whatever runs them. */
export function isController({ manager }: Pick<Write, "manager">): boolean {
  return /(?:^|-)controller-manager$/.test(manager);
}

export function isWithin({ start, end }: TimeWindow, at: Date): boolean {
  return at >= start && at <= end;
}
