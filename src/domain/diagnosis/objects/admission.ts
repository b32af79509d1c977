import * as z from "zod";
import type { Evidence } from "#domain/diagnosis/finding.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { listCall, refusedBy } from "./creation.ts";
import { label } from "./scoped.ts";

/** The API server's words when a webhook answers no. */
const DENIED =
  /admission webhook "([\w.-]+)" denied the request(?: without explanation)?(?::? ([^\n]*))?/;

export const webhookDenied = refusedBy(({ message, owner }, _, snapshot) => {
  const [, name, why = ""] = DENIED.exec(message) ?? [];
  if (name === undefined) return;
  const said = why === "" ? " without saying why" : `: ${quoted(why, 160)}`;
  return {
    cause: "webhook_denied",
    confidence: "certain",
    summary: `Admission webhook ${name} denies the pods of ${owner}${said}.`,
    evidence: webhookEvidence(name, snapshot),
    remedy:
      "Change the pod template so that it meets the policy, or ask the policy's owner for an exception.",
    next: configurationsCall(name, snapshot),
  };
});

/** The API server's words when it cannot ask a webhook whose failurePolicy is Fail. */
const UNANSWERED = /failed calling webhook "([\w.-]+)": ([^\n]+)/;

export const webhookUnavailable = refusedBy(({ message, owner }, _, snapshot) => {
  const [, name, why = ""] = UNANSWERED.exec(message) ?? [];
  if (name === undefined) return;
  const expired = /x509: certificate has expired/.test(why);
  return {
    cause: expired ? "certificate_expired" : "webhook_unavailable",
    confidence: "certain",
    summary: expired
      ? `The certificate of admission webhook ${name} has expired, so the API server refuses the pods of ${owner}.`
      : `Admission webhook ${name} does not answer, so the API server refuses the pods of ${owner}: ${quoted(reasonOf(why), 120)}.`,
    evidence: webhookEvidence(name, snapshot),
    remedy: expired
      ? "Renew the webhook's certificate and the caBundle of its configuration."
      : "Bring the webhook's own pods and Service back; nothing that it covers can be created until then.",
    next: configurationsCall(name, snapshot),
  };
});

/** What is wrong, without the long address in front. */
function reasonOf(text: string): string {
  const [, after] = /^(?:failed to call webhook: )?Post "?[^"\s]+"?: (.*)$/.exec(text) ?? [];
  return after ?? text;
}

/** Pod security's words: `violates PodSecurity "restricted:latest": …`. */
const INSECURE = /violates PodSecurity "([\w:.-]+)": ([^\n]+)/;

export const podSecurity = refusedBy(({ message, owner }, scope) => {
  const [, level, why] = INSECURE.exec(message) ?? [];
  if (level === undefined || why === undefined) return;
  return {
    cause: "config_error",
    confidence: "certain",
    summary: `The namespace's pod security level ${level} refuses pods of ${owner}: ${quoted(why, 160)}.`,
    remedy: "Set the named fields of the security context in the pod template.",
    next: listCall(scope, "namespaces"),
  };
});

const configurationSchema = z.object({
  webhooks: z
    .array(
      z.object({
        name: z.string(),
        failurePolicy: z.string().default("Fail"),
        clientConfig: z
          .object({
            service: z.object({ name: z.string(), namespace: z.string() }).optional(),
          })
          .prefault({}),
      }),
    )
    .nullish(),
});

const kinds = {
  validatingwebhookconfigurations: "ValidatingWebhookConfiguration",
  mutatingwebhookconfigurations: "MutatingWebhookConfiguration",
} as const;
const kindNames = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"] as const;

function webhookEvidence(name: string, snapshot: Snapshot): readonly Evidence[] {
  return kindNames.flatMap((kind) =>
    snapshot.of(kind).flatMap((object) => webhookOf(object, name, kinds[kind])),
  );
}

function webhookOf(object: KubeObject, name: string, word: string): readonly Evidence[] {
  const { webhooks } = configurationSchema.parse(object);
  return (webhooks ?? [])
    .filter((webhook) => webhook.name === name)
    .slice(0, 1)
    .map(({ failurePolicy, clientConfig: { service } }) => ({
      object: label(word, object),
      field: `webhooks[${name}]`,
      value: `failurePolicy ${failurePolicy}${service ? `, Service ${service.namespace}/${service.name}` : ""}`,
    }));
}

function configurationsCall(name: string, snapshot: Snapshot) {
  const kind = kindNames.find((each) =>
    snapshot.of(each).some((object) => webhookOf(object, name, "").length > 0),
  );
  return {
    tool: "kubectl_get",
    args: { resource_type: kind ?? "validatingwebhookconfigurations" },
  };
}
