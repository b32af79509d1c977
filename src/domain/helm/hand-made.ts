import { isObject, type Json, toJson } from "#domain/json.ts";
import { atMost } from "#domain/text/at-most.ts";
import { diffFields, type FieldChange, pathText, shown } from "#domain/text/field-diff.ts";
import { isSecretName } from "#domain/text/redact.ts";
import type { ManifestObject } from "./manifest.ts";

/** A ConfigMap that holds other values than the current revision gave it. */
export interface HandMade {
  readonly name: string;
  /** From what it holds to what the target revision installs. */
  readonly fields: readonly FieldChange[];
}

/** A ConfigMap of a chart, as two revisions install it. */
export interface InstalledMap {
  readonly namespace: string;
  readonly name: string;
  readonly current: Json;
  readonly target: Json;
}

/** The ConfigMaps that both revisions install. */
export function installedMaps(
  from: readonly ManifestObject[],
  to: readonly ManifestObject[],
  releaseNamespace: string,
): readonly InstalledMap[] {
  const maps = to.filter(({ kind }) => kind === "ConfigMap");
  return maps.flatMap(({ name, namespace, body }) => {
    const before = from.find((other) => {
      return other.kind === "ConfigMap" && other.name === name && other.namespace === namespace;
    });
    const data = { current: dataOf(before?.body), target: dataOf(body) };
    return before ? [{ name, namespace: namespace ?? releaseNamespace, ...data }] : [];
  });
}

function dataOf(body: unknown): Json {
  return isObject(body) ? toJson(body.data ?? {}) : {};
}

/** Keys that somebody changed since the current revision was installed, and that the target sets. */
export function handMade({ name, current, target }: InstalledMap, live: unknown): HandMade {
  const held = dataOf(live);
  const since = diffFields(current, held).map(({ path }) => pathText(path));
  const back = diffFields(held, target);
  const fields = back.filter(
    ({ path, after }) => after !== undefined && since.includes(pathText(path)),
  );
  return { name, fields };
}

/** Helm sets such keys back without a word. */
export function handMadeWarning({ name, fields }: HandMade): readonly string[] {
  if (fields.length === 0) return [];
  const keys = atMost(fields.map(keyText), 6, "key").join(", ");
  return [
    `ConfigMap ${name} was changed outside Helm; the rollback sets back ${keys}. By hand, Helm 4 needs --force-conflicts for it.`,
  ];
}

function keyText({ path, before, after }: FieldChange): string {
  const key = pathText(path);
  return isSecretName(key) ? key : `${key} (${shown(before)} → ${shown(after)})`;
}
