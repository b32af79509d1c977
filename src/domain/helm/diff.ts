import { isObject, type Json, toJsonObject } from "#domain/json.ts";
import { diffFields, type FieldChange } from "#domain/text/field-diff.ts";
import { isSecretName } from "#domain/text/redact.ts";
import { type ManifestObject, parseManifest } from "./manifest.ts";
import type { RevisionContent } from "./release.ts";

/** One object of the chart that differs between two revisions. */
export interface ObjectChange {
  readonly kind: string;
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  /** Fields that differ and matter; empty for objects that are added or removed whole. */
  readonly fields: readonly FieldChange[];
  /** Version labels and checksums that differ too: every upgrade changes them. */
  readonly folded: number;
}

export interface ContentDiff {
  readonly objects: readonly ObjectChange[];
  readonly values: readonly FieldChange[];
}

/** What installing `to` instead of `from` changes. Workloads and settings come first. */
export function diffContent(from: RevisionContent, to: RevisionContent): ContentDiff {
  const before = byKey(parseManifest(from.manifest));
  const after = byKey(parseManifest(to.manifest));
  const keys = new Set([...before.keys(), ...after.keys()]);
  const objects = [...keys].flatMap((key) => objectChange(before.get(key), after.get(key)));
  return {
    objects: objects.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name)),
    values: diffFields(from.values, to.values),
  };
}

/** Whether anything but version labels and checksums differs. */
export function differs(diff: ContentDiff): boolean {
  return (
    diff.values.length > 0 ||
    diff.objects.some(({ change, fields }) => change !== "changed" || fields.length > 0)
  );
}

function byKey(objects: readonly ManifestObject[]): ReadonlyMap<string, ManifestObject> {
  return new Map(objects.map((object) => [keyOf(object), object]));
}

function keyOf({ kind, namespace = "", name }: ManifestObject): string {
  return `${kind}/${namespace}/${name}`;
}

function objectChange(
  before: ManifestObject | undefined,
  after: ManifestObject | undefined,
): readonly ObjectChange[] {
  const either = after ?? before;
  if (either === undefined) return [];
  const { kind, name } = either;
  if (before === undefined) return [{ kind, name, change: "added", fields: [], folded: 0 }];
  if (after === undefined) return [{ kind, name, change: "removed", fields: [], folded: 0 }];
  const all = diffFields(before.body, after.body);
  if (all.length === 0) return [];
  const fields = all.filter((field) => !isNoise(field.path)).map((field) => hide(kind, field));
  return [{ kind, name, change: "changed", fields, folded: all.length - fields.length }];
}

/** Version labels and checksums follow from the other changes. */
export function isNoise(path: readonly string[]): boolean {
  const at = path.lastIndexOf("metadata");
  const [section, key = ""] = at < 0 ? [] : path.slice(at + 1);
  if (section !== "labels" && section !== "annotations") return false;
  return (
    key.startsWith("checksum/") ||
    ["helm.sh/chart", "app.kubernetes.io/version", "chart", "version"].includes(key)
  );
}

/** Stands for a value that must not be shown. */
export const HIDDEN = "(hidden)";

/** Takes secrets out: data of Secrets, and whatever is named like one. */
function hide(kind: string, { path, before, after }: FieldChange): FieldChange {
  const secret = kind === "Secret" && /^(data|stringData)$/.test(path[0] ?? "");
  const mask = secret || path.some(namesSecret) ? hidden : hideWithin;
  return { path, before: before && mask(before), after: after && mask(after) };
}

/** List items appear in paths by their names, in brackets. */
function namesSecret(part: string): boolean {
  return isSecretName(part.replaceAll(/^\[|\]$/g, ""));
}

function hidden(): Json {
  return HIDDEN;
}

/** A value with whatever is named like a secret inside it hidden, variables of containers included. */
function hideWithin(value: Json): Json {
  if (Array.isArray(value)) return value.map(hideWithin);
  if (!isObject(value)) return value;
  const named = typeof value.name === "string" && isSecretName(value.name);
  return Object.fromEntries(
    Object.entries(toJsonObject(value)).map(([key, inner]) => {
      const secret = isSecretName(key) || (named && key === "value");
      return [key, secret ? HIDDEN : hideWithin(inner ?? null)];
    }),
  );
}

/** Values given by the user, secrets taken out. */
export function shownValues(changes: readonly FieldChange[]): readonly FieldChange[] {
  return changes.map((change) => hide("", change));
}

const FIRST = ["Deployment", "StatefulSet", "DaemonSet", "ConfigMap", "Secret"];

function order({ kind }: ObjectChange): number {
  const at = FIRST.indexOf(kind);
  return at < 0 ? FIRST.length : at;
}
