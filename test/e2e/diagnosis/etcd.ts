import * as z from "zod";
import type { Manifest } from "../../../bench/diagnosis/world/manifest.ts";

const rangeSchema = z.object({
  kvs: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});
const storedSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const FIRST = "/registry/";
/** The first key after all that begin with `FIRST`. */
const END = "/registry0";
/** As many as one transaction may hold (etcd --max-txn-ops). */
const OPERATIONS = 100;

/**
 * Sets what the API server sets itself and lets nobody give: when an object was made and deleted, its generation, and
 * who changed its fields.
 */
export async function setPast(url: string, manifests: readonly Manifest[]): Promise<void> {
  const wanted = new Map(manifests.map((each) => [keyOf(each), each]));
  const puts = (await stored(url)).flatMap(({ key, value }) => {
    const text = Buffer.from(value, "base64").toString();
    const known = storedSchema.safeParse(text.startsWith("{") ? JSON.parse(text) : undefined).data;
    const manifest = known && wanted.get(keyOf(known));
    if (!manifest) return [];
    const moved = { ...known, metadata: { ...known.metadata, ...past(manifest) } };
    return [{ requestPut: { key, value: base64(JSON.stringify(moved)), ignoreLease: false } }];
  });
  if (puts.length < wanted.size) throw new Error(`${puts.length} of ${wanted.size} were found`);
  for (let from = 0; from < puts.length; from += OPERATIONS) {
    await post(url, "/v3/kv/txn", { success: puts.slice(from, from + OPERATIONS) });
  }
}

function past({ metadata }: Manifest) {
  const { creationTimestamp, deletionTimestamp, managedFields, generation } = metadata;
  const { deletionGracePeriodSeconds } = metadata;
  return {
    creationTimestamp,
    ...(generation === undefined ? {} : { generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp, deletionGracePeriodSeconds }),
    ...(managedFields === undefined ? {} : { managedFields }),
  };
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

export function keyOf({ kind, metadata }: Named): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

async function stored(url: string) {
  const range = { key: base64(FIRST), range_end: base64(END) };
  return rangeSchema.parse(await post(url, "/v3/kv/range", range)).kvs;
}

async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`etcd: ${await answer.text()}`);
  return answer.json();
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
