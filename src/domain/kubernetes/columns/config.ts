import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { clip } from "#domain/text/untrusted.ts";
import { cells, each, nameAndAge, names, type Row, type Rows, type View } from "./row.ts";

const text = z.record(z.string(), z.string());
const configMapSchema = z.object({
  data: text.nullish(),
  binaryData: text.nullish(),
  immutable: z.boolean().nullish(),
});

/** Characters for all values of a ConfigMap together; each has an equal share, at least `SHARE`. */
const VALUES = 2_400;
const SHARE = 80;
/** Most key names in one cell. */
const KEYS = 12;

/**
 * One ConfigMap by its name: a row for each key, as `name` and `value`, the pair in which redaction knows
 * a secret by its name. Otherwise a row for each ConfigMap, without values.
 */
export const configMapRows: Rows = (objects, view) =>
  view.named ? objects.flatMap(keyRows) : summaries(objects, view);

const summaries = each((object, view) => {
  const { data, binaryData, immutable } = configMapSchema.parse(object);
  const { name, age } = nameAndAge(object, view);
  const all = { ...data, ...binaryData };
  const size = Object.values(all).reduce((total, value) => total + bytes(value), 0);
  return {
    state: "",
    health: "well",
    cells: cells({
      name,
      keys: names(Object.keys(all), KEYS),
      size_bytes: size,
      immutable: immutable ? "yes" : undefined,
      age,
    }),
  };
});

function keyRows(object: KubeObject): readonly Row[] {
  const { data, binaryData } = configMapSchema.parse(object);
  const values = Object.entries(data ?? {});
  const share = Math.max(SHARE, Math.floor(VALUES / Math.max(1, values.length)));
  const row = (key: string, value: string, shown: string): Row => ({
    namespace: object.metadata.namespace ?? "",
    state: "",
    health: "well",
    cells: { name: key, size_bytes: String(bytes(value)), value: shown },
  });
  return [
    ...values.map(([key, value]) => row(key, value, clip(value, share))),
    ...Object.entries(binaryData ?? {}).map(([key, value]) => row(key, value, "(binary)")),
  ];
}

function bytes(value: string): number {
  return new TextEncoder().encode(value).length;
}

const secretSchema = z.object({ type: z.string().default("Opaque"), data: text.nullish() });

/** Names, type and key names; never a value, nor its size. */
export const secretRows = each((object: KubeObject, view: View) => {
  const { type, data } = secretSchema.parse(object);
  const { name, age } = nameAndAge(object, view);
  const keys = names(Object.keys(data ?? {}), view.named ? 100 : KEYS);
  return { state: "", health: "well", cells: cells({ name, type, keys, age }) };
});

const claimSchema = z.object({
  spec: z
    .object({
      storageClassName: z.string().nullish(),
      volumeName: z.string().default(""),
      accessModes: z.array(z.string()).default([]),
      resources: z.object({ requests: text.default({}) }).prefault({}),
    })
    .prefault({}),
  status: z
    .object({ phase: z.string().default("Pending"), capacity: text.default({}) })
    .prefault({}),
});

const claimHealth: Readonly<Record<string, Row["health"]>> = { Bound: "well", Pending: "waiting" };

export const volumeClaimRows = each((object, view) => {
  const { spec, status } = claimSchema.parse(object);
  const { name, age } = nameAndAge(object, view);
  return {
    state: status.phase,
    health: claimHealth[status.phase] ?? "failing",
    cells: cells({
      name,
      status: status.phase,
      capacity: status.capacity.storage,
      requested: spec.resources.requests.storage,
      storage_class: spec.storageClassName ?? "default",
      access: spec.accessModes.join(", "),
      volume: spec.volumeName,
      age,
    }),
  };
});
