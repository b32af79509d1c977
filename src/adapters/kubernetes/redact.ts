import { isObject } from "#domain/json.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { type CertificateEnds, endsOfSecret, endsOfWebhooks } from "./certificates.ts";

/** A copy of the whole object as it was last applied, values of Secrets and of variables included. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Drops what no tool may see, before anything else touches the object: values of Secrets stay keys. */
export function withoutSecrets(resource: string, object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations;
  const plain = { ...object, metadata: { ...object.metadata, annotations } };
  if (webhooks.includes(resource)) return dated(plain, endsOfWebhooks(object));
  if (resource !== "secrets" && object.kind !== "Secret") return plain;
  const empty = { ...plain, data: emptied(object.data), stringData: undefined };
  return dated(empty, endsOfSecret(object));
}

const webhooks: readonly string[] = [
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
];

/** The object with the dates at which its certificates end beside it, where it holds any. */
function dated(object: KubeObject, certificateEnds: CertificateEnds): KubeObject {
  return Object.keys(certificateEnds).length > 0 ? { ...object, certificateEnds } : object;
}

function emptied(data: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(isObject(data) ? data : {}).map((key) => [key, ""]));
}
