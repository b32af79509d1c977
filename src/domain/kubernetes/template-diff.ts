import { HIDDEN, isNoise } from "#domain/helm/diff.ts";
import { isObject, type Json, type JsonObject, toJsonObject } from "#domain/json.ts";
import { diffFields, type FieldChange, fieldLines, pathText } from "#domain/text/field-diff.ts";
import { isSecretName } from "#domain/text/redact.ts";

/**
 * Fields in which two pod templates differ, paths from the template's root. What controllers add is left out.
 * Values of variables are hidden, as is whatever is named like a secret in annotations and options.
 */
export function templateDiff(before: Json, after: Json): readonly FieldChange[] {
  const [left, right] = [plainTemplate(before), plainTemplate(after)];
  const options = new Set([...secretOptions(left), ...secretOptions(right)]);
  return diffFields(left, right).map((change) => hidden(change, options));
}

/** As `templateDiff`. Version labels and checksums follow from other changes, and are told only where there are none. */
export function substance(before: Json, after: Json): readonly FieldChange[] {
  const all = templateDiff(before, after);
  const own = all.filter(({ path }) => !isNoise(path));
  return own.length > 0 ? own : all;
}

/** One line for each field, more for text of several lines. */
export function templateDiffLines(changes: readonly FieldChange[]): readonly string[] {
  return changes.flatMap(fieldLines);
}

/** What controllers write into the templates that they keep. */
const KEPT_LABELS = ["pod-template-hash", "controller-revision-hash", "pod-template-generation"];

/** The template as its author gave it: equal templates make equal pods. */
export function plainTemplate(template: Json): Json {
  if (!isObject(template)) return template;
  const { $patch: _, metadata, ...rest } = toJsonObject(template);
  if (!isObject(metadata)) return rest;
  const { creationTimestamp: __, labels, ...others } = toJsonObject(metadata);
  return { ...rest, metadata: { ...others, labels: authored(labels) } };
}

function authored(labels: Json | undefined): JsonObject {
  const entries = Object.entries(isObject(labels) ? toJsonObject(labels) : {});
  return Object.fromEntries(entries.filter(([name]) => !KEPT_LABELS.includes(name)));
}

/** Paths of arguments that follow an option named like a secret, as `--token`. */
function secretOptions(value: Json, path: readonly string[] = []): readonly string[] {
  if (Array.isArray(value)) {
    const named = value.every((item) => isObject(item) && typeof item.name === "string");
    return value.flatMap((item, index) => {
      const key = named && isObject(item) ? item.name : index;
      const follows = isSecretOption(value[index - 1]) ? [pathText([...path, `[${index}]`])] : [];
      return [...follows, ...secretOptions(item, [...path, `[${key}]`])];
    });
  }
  if (!isObject(value)) return [];
  return Object.entries(toJsonObject(value)).flatMap(([key, inner]) =>
    secretOptions(inner ?? null, [...path, key]),
  );
}

function isSecretOption(word: Json | undefined): boolean {
  return typeof word === "string" && /^--?[\w-]+$/.test(word) && isSecretName(word);
}

function hidden({ path, before, after }: FieldChange, options: ReadonlySet<string>): FieldChange {
  const mask = options.has(pathText(path)) ? all : maskOf(path);
  return { path, before: before && mask(before), after: after && mask(after) };
}

function maskOf(path: readonly string[]): (value: Json) => Json {
  const [section, field, key = ""] = path;
  const inEnv = section === "spec" && path.includes("env");
  if (field === "annotations" && isSecretName(key)) return all;
  return inEnv && path.at(-1) === "value" ? all : (value) => within(value, inEnv);
}

function all(): Json {
  return HIDDEN;
}

/** What is shown of a part that was added or removed whole. */
function within(value: Json, inEnv: boolean): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      isSecretOption(value[index - 1]) ? HIDDEN : within(item, inEnv),
    );
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(toJsonObject(value)).map(([key, inner]) => [
      key,
      inEnv && key === "value" ? HIDDEN : within(inner ?? null, inEnv || key === "env"),
    ]),
  );
}
