import { X509Certificate } from "node:crypto";
import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";

/** When certificates end, ISO 8601, by the key or webhook that holds them. */
export type CertificateEnds = Readonly<Record<string, string>>;

const secretSchema = z.object({ data: z.record(z.string(), z.string()) });

/** Of a Secret's certificates: the first of each key, which is the server's own. */
export function endsOfSecret(object: KubeObject): CertificateEnds {
  const { data } = secretSchema.safeParse(object).data ?? { data: {} };
  return endsOf(Object.entries(data));
}

const webhooksSchema = z.object({
  webhooks: z.array(
    z.object({
      name: z.string(),
      clientConfig: z.object({ caBundle: z.string().default("") }).prefault({}),
    }),
  ),
});

/** Of the authorities by which the API server knows its webhooks. */
export function endsOfWebhooks(object: KubeObject): CertificateEnds {
  const { webhooks } = webhooksSchema.safeParse(object).data ?? { webhooks: [] };
  return endsOf(webhooks.map(({ name, clientConfig }) => [name, clientConfig.caBundle] as const));
}

function endsOf(encoded: readonly (readonly [string, string])[]): CertificateEnds {
  return Object.fromEntries(
    encoded.flatMap(([key, text]) => {
      const end = endOf(Buffer.from(text, "base64").toString("latin1"));
      return end === undefined ? [] : [[key, end]];
    }),
  );
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/** Nothing but a certificate is read any further. */
function endOf(text: string): string | undefined {
  const [pem] = PEM.exec(text) ?? [];
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem).validToDate.toISOString();
  } catch {
    return undefined;
  }
}
