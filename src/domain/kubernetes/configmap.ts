import * as z from "zod";
import { atMost } from "#domain/text/at-most.ts";
import { closest } from "#domain/text/closest.ts";
import { fieldLines } from "#domain/text/field-diff.ts";
import { isSecretName } from "#domain/text/redact.ts";
import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { refuseIdleRestart } from "./restart.ts";
import { seesChanges } from "./template.ts";
import { type Reader, readersOf, type Workload, workloadLabel } from "./workload.ts";

const configMapSchema = z.object({
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.string()).default({}),
  immutable: z.boolean().default(false),
});
type ConfigMap = z.output<typeof configMapSchema>;

/** Values of keys; `null` stands for a key that is not there. */
export type KeyValues = Readonly<Record<string, string | null>>;

/** The keys that a patch changes, with their values before and after. */
export interface KeyPatch {
  readonly before: KeyValues;
  readonly after: KeyValues;
}

/** What of the patch is a change. Throws when nothing is, or when it cannot be made. */
export function keyPatch(object: KubeObject, asked: KeyValues): KeyPatch {
  const { name } = object.metadata;
  const map = configMapSchema.parse(object);
  refuseFixed(name, map, Object.keys(asked));
  const changed = Object.entries(asked).filter(([key, value]) => heldIn(map, key) !== value);
  if (changed.length === 0) {
    const message = `ConfigMap ${name} already holds these values.`;
    throw new OpsError("no_change", message, "If pods do not see them, restart their workload.");
  }
  const before = changed.map(([key]) => [key, heldIn(map, key)] as const);
  return { before: Object.fromEntries(before), after: Object.fromEntries(changed) };
}

function refuseFixed(name: string, map: ConfigMap, keys: readonly string[]): void {
  if (map.immutable) {
    throw new OpsError(
      "refused",
      `ConfigMap ${name} is immutable: the API refuses any change to it.`,
      "A new ConfigMap under another name, and a release that refers to it, is the only way.",
    );
  }
  const binary = keys.filter((key) => Object.hasOwn(map.binaryData, key));
  if (binary.length > 0) {
    const message = `ConfigMap ${name} holds ${binary.join(", ")} as binary data.`;
    throw new OpsError("refused", message, "Binary data is changed by a person, by hand.");
  }
}

/** Whether the object now holds exactly these values. */
export function holds(object: KubeObject, values: KeyValues): boolean {
  const map = configMapSchema.parse(object);
  return Object.entries(values).every(([key, value]) => heldIn(map, key) === value);
}

/** Keys may be named like what every object inherits, such as `constructor`. */
function heldIn({ data }: ConfigMap, key: string): string | null {
  return Object.hasOwn(data, key) ? (data[key] ?? null) : null;
}

/** The patch key by key; secret-sounding ones without their values. */
export function patchDiff(name: string, { before, after }: KeyPatch): string {
  const lines = Object.entries(after).flatMap(([key, value]) => {
    const path = ["data", key];
    if (isSecretName(key)) return [`  data.${key}: changed`];
    return fieldLines({ path, before: before[key] ?? undefined, after: value ?? undefined });
  });
  return [`ConfigMap ${name}`, ...lines].join("\n");
}

/** Workloads whose pods read any of the keys. All must be of the ConfigMap's namespace. */
export function readersOfKeys(
  name: string,
  keys: readonly string[],
  workloads: readonly Workload[],
): readonly Reader[] {
  return readersOf({ kind: "ConfigMap", name }, workloads).flatMap(({ workload, reads }) => {
    const touched = reads.filter(
      (read) => !read.keys || read.keys.some((key) => keys.includes(key)),
    );
    return touched.length > 0 ? [{ workload, reads: touched }] : [];
  });
}

/** Whether the pods go on with the old values until they restart. */
export function needsRestart({ reads }: Reader): boolean {
  return !reads.every(seesChanges);
}

/** The readers to restart: those that have pods. Throws when one of them cannot be restarted. */
export function restartable(readers: readonly Reader[]): readonly Workload[] {
  const running = readers.map(({ workload }) => workload).filter(({ desired }) => desired > 0);
  for (const workload of running) refuseIdleRestart(workload);
  return running;
}

/** What is done, in one sentence. */
export function patchSummary(
  name: string,
  { after }: KeyPatch,
  restarted: readonly Workload[],
): string {
  const keys = Object.keys(after);
  const shown = `${count(keys.length, "key")} (${keys.join(", ")})`;
  const then = restarted.map(workloadLabel).join(", ");
  return `Change ${shown} of ConfigMap ${name}${then && `, then restart ${then}`}.`;
}

/** Who reads the keys, and when they see the change. */
export function patchImpact(readers: readonly Reader[], restart: boolean): string {
  if (readers.length === 0)
    return "No workload of the namespace reads these keys in its pod template.";
  return atMost(
    readers.map((reader) => readerText(reader, restart)),
    6,
    "workload",
  ).join(" ");
}

function readerText(reader: Reader, restart: boolean): string {
  const { workload, reads } = reader;
  const ways = [...new Set(reads.map(({ how }) => WAYS[how]))].join(" and ");
  const pods = count(workload.desired, "pod");
  const label = `${workloadLabel(workload)} (${pods}) reads it as ${ways}`;
  if (restart) return `${label} and is restarted.`;
  return needsRestart(reader)
    ? `${label} and sees nothing until it is restarted.`
    : `${label} and sees the change in a minute or two, if it reads the file again.`;
}

const WAYS = {
  env: "environment",
  envFrom: "environment",
  volume: "a volume",
  subPath: "a volume by subPath",
} as const;

/** What could surprise the person who says yes. */
export function patchWarnings(
  object: KubeObject,
  { before }: KeyPatch,
  readers: readonly Reader[],
  restart: boolean,
): readonly string[] {
  const asleep = restart ? [] : readers.filter(needsRestart);
  const known = Object.keys(configMapSchema.parse(object).data);
  const added = Object.keys(before).filter((key) => before[key] === null);
  return [
    ...added.map((key) => addedWarning(key, known)),
    ...(asleep.length > 0
      ? [`Nothing changes for ${labels(asleep)} until a restart: give restart true to include it.`]
      : []),
    ...(readers.length === 0 && restart ? ["There is nothing to restart."] : []),
    ...helmWarning(object),
  ];
}

function addedWarning(key: string, known: readonly string[]): string {
  const [near] = closest(key, known);
  return `Key ${key} is new${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function labels(readers: readonly Reader[]): string {
  return readers.map(({ workload }) => workloadLabel(workload)).join(", ");
}

/**
 * Helm writes the chart's values again at the next upgrade or rollback. Where it applies on the server's side, as
 * Helm 4 does, an upgrade stops at fields that another manager set.
 */
function helmWarning({ metadata }: KubeObject): readonly string[] {
  const release = metadata.annotations["meta.helm.sh/release-name"];
  const byHelm = metadata.labels["app.kubernetes.io/managed-by"] === "Helm";
  if (release === undefined && !byHelm) return [];
  return [
    `The next upgrade or rollback of Helm release ${release ?? "that owns it"} undoes this; Helm 4 may ask for --force-conflicts first.`,
  ];
}
