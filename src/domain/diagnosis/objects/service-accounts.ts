import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { Pod } from "#domain/kubernetes/pod.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { listCall, refusedBy } from "./creation.ts";
import { label, sickPods } from "./scoped.ts";

/** The API server's words: `error looking up service account data/etl: serviceaccount "etl" not found`. */
const UNKNOWN = /error looking up service account ([\w./-]+):/;

export const serviceAccountMissing = refusedBy(({ message, owner }, scope) => {
  const [, account] = UNKNOWN.exec(message) ?? [];
  if (account === undefined) return;
  return {
    cause: "service_account",
    confidence: "certain",
    summary: `ServiceAccount ${account} does not exist, so no pod of ${owner} can be created.`,
    remedy: "Create the ServiceAccount, or correct serviceAccountName in the pod template.",
    next: listCall(scope, "serviceaccounts"),
  };
});

/** The API server's words for a right that is missing, as clients log them, and for a token that has expired. */
const FORBIDDEN =
  /User "system:serviceaccount:([^":\s]+:[^":\s]+)" cannot (\w+) resource "([^"]+)"(?: in API group "([^"]*)")?/;
const EXPIRED =
  /service ?account token (?:has|is) expired|token (?:has|is) expired|invalid bearer token/i;

/** Rights that a sick pod complains of in its log. */
export const serviceAccountRights: Analyzer = (scope, snapshot) => {
  const found = sickPods(scope.pods, snapshot.now).flatMap((pod) => complaints(pod, snapshot));
  return found.slice(0, 1);
};

function complaints(pod: Pod, snapshot: Snapshot): readonly Finding[] {
  const { name, namespace = "" } = pod.metadata;
  return pod.spec.containers.flatMap((container) => {
    const lines = snapshot.lines({ namespace, name }, container.name);
    const line = lines.findLast((each) => FORBIDDEN.test(each) || EXPIRED.test(each));
    return line === undefined ? [] : [rightsFinding(pod, container.name, line)];
  });
}

function rightsFinding(pod: Pod, container: string, line: string): Finding {
  const { namespace = "default" } = pod.metadata;
  const object = label("Pod", pod);
  const [, account = "", verb = "", resource = "", group = ""] = FORBIDDEN.exec(line) ?? [];
  const what = [verb, [resource, group].filter(Boolean).join(".")].join(" ");
  return {
    cause: "service_account",
    confidence: "likely",
    summary:
      account === ""
        ? `${object} is refused by the API server: its token has expired or is not valid.`
        : `${object} is refused by the API server: ServiceAccount ${quoted(account.replace(":", "/"), 120)} may not ${quoted(what, 80)}.`,
    evidence: [{ object, field: `log of container ${container}`, value: line }],
    affected: [object],
    remedy:
      account === ""
        ? "Restart the pod so that it reads a fresh token; a client that keeps the first one has to read the file again."
        : "Grant the right by a Role and RoleBinding to that ServiceAccount, if it is meant to have it.",
    next: { tool: "kubectl_get", args: { resource_type: "serviceaccounts", namespace } },
  };
}
