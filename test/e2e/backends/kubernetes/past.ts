import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";
import type { Cluster } from "./cluster.ts";

const secretSchema = z.looseObject({ data: z.looseObject({ release: z.string() }) });
const recordSchema = z.looseObject({ info: jsonObjectSchema });

/** Moves a revision of a release to an earlier time in Helm's own record, for Helm knows no other than now. */
export async function setReleased(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  revision: number,
  at: Date,
): Promise<void> {
  const secret = `sh.helm.release.v1.${name}.v${revision}`;
  const found = await cluster.kubectl(["get", "secret", secret, "-n", namespace, "-o", "json"]);
  const object = secretSchema.parse(JSON.parse(found));
  const data = { ...object.data, release: moved(object.data.release, at) };
  await cluster.kubectl(["replace", "-f", "-"], JSON.stringify({ ...object, data }));
}

/** Helm packs its record with gzip and base64; the API packs it with base64 once more. */
function moved(packed: string, at: Date): string {
  const text = gunzipSync(Buffer.from(Buffer.from(packed, "base64").toString(), "base64"));
  const record = recordSchema.parse(JSON.parse(text.toString()));
  const info = { ...record.info, last_deployed: at.toISOString() };
  const json = JSON.stringify({ ...record, info });
  return Buffer.from(gzipSync(json).toString("base64")).toString("base64");
}
