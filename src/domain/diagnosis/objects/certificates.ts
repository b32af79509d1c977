import * as z from "zod";
import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { DAY } from "#domain/window.ts";
import { readIngress } from "./ingresses.ts";
import { label, scoped } from "./scoped.ts";

/** Put beside the emptied values where the object was read: the end of each certificate, never its content. */
const datedSchema = z.object({ certificateEnds: z.record(z.string(), z.string()).default({}) });

/** The kubernetes-mixin's alert on client certificates warns a week ahead. */
const AHEAD = 7 * DAY;

/** TLS Secrets that an Ingress in scope names, and that have ended or end within a week. */
export const certificateExpired: Analyzer = (scope, snapshot) => {
  const secrets = snapshot.of("secrets");
  return scoped(scope, "ingresses").flatMap((object) => {
    const ingress = readIngress(object);
    const names = new Set((ingress.spec.tls ?? []).map(({ secretName }) => secretName));
    const own = secrets.filter(({ metadata }) => names.has(metadata.name));
    return own.flatMap((secret) => ending(secret, label("Ingress", ingress), snapshot.now));
  });
};

function ending(secret: KubeObject, user: string, now: Date): readonly Finding[] {
  const object = label("Secret", secret);
  return endingSoon(object, secret, now)
    .slice(0, 1)
    .map(({ at, evidence }) => ({
      cause: "certificate_expired",
      confidence: at <= now ? "certain" : "likely",
      summary: `The certificate in ${object}, which ${user} serves, ${endText(at, now)}.`,
      evidence: [evidence],
      ...(at <= now ? { since: at } : {}),
      affected: [user],
      remedy: "Renew the certificate; if cert-manager keeps it, look at its Certificate and Order.",
      next: {
        tool: "kubectl_get",
        args: {
          resource_type: "secrets",
          name: secret.metadata.name,
          namespace: secret.metadata.namespace ?? "default",
        },
      },
    }));
}

/** Certificates of an object that have ended, or end within a week. The earliest first. */
export function endingSoon(object: string, raw: KubeObject, now: Date): readonly CertificateEnd[] {
  return endsOf(object, raw).filter(({ at }) => at.getTime() - now.getTime() < AHEAD);
}

interface CertificateEnd {
  readonly at: Date;
  readonly evidence: Evidence;
}

/** `expired 2d 4h ago, at …`. */
export function endText(at: Date, now: Date): string {
  const apart = duration(Math.abs(at.getTime() - now.getTime()));
  return at <= now
    ? `expired ${apart} ago, at ${isoSeconds(at)}`
    : `expires in ${apart}, at ${isoSeconds(at)}`;
}

function endsOf(object: string, raw: KubeObject): readonly CertificateEnd[] {
  const ends = Object.entries(datedSchema.parse(raw).certificateEnds);
  return ends
    .map(([key, text]) => {
      const at = new Date(text);
      return { at, evidence: { object, field: `certificate ${key}, end`, value: text, at } };
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
