import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { Pod } from "#domain/kubernetes/pod.ts";
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

/** What a log line says of the pod's account, and what to do about it. */
interface Complaint {
  readonly text: string;
  readonly remedy: string;
}

/** The API server's words for a right that is missing, as clients log them. */
const FORBIDDEN =
  /User "system:serviceaccount:([\w.-]+):([\w.-]+)" cannot (\w+) resource "([\w./-]+)"(?: in API group "([\w.-]+)")?/;
/** A token of the account that is no longer good. */
const EXPIRED =
  /service ?account token (?:has|is) expired|token (?:has|is) expired|invalid bearer token/i;
/** AWS's words when the account may not take on its role (IRSA), or nobody knows its issuer. */
const NO_ROLE =
  /not authorized to perform:? sts:AssumeRoleWithWebIdentity|No OpenIDConnect provider found|WebIdentityErr/i;

function complaintOf(line: string): Complaint | undefined {
  const [, namespace, account, verb, resource = "", group = ""] = FORBIDDEN.exec(line) ?? [];
  if (account !== undefined) {
    const what = [resource, group].filter(Boolean).join(".");
    return {
      text: `is refused by the API server: ServiceAccount ${namespace}/${account} may not ${verb} ${what}`,
      remedy:
        "Grant the right by a Role and RoleBinding to that ServiceAccount, if it is meant to have it.",
    };
  }
  if (NO_ROLE.test(line)) {
    return {
      text: "cannot take on its AWS role: AWS refuses its ServiceAccount's token",
      remedy:
        "Compare the ServiceAccount's annotation eks.amazonaws.com/role-arn with the role's trust policy (issuer, namespace, name), then restart the pod.",
    };
  }
  if (!EXPIRED.test(line)) return undefined;
  return {
    text: "is refused by the API server: its token has expired or is not valid",
    remedy:
      "Restart the pod so that it reads a fresh token; a client that keeps the first one has to read the file again.",
  };
}

/** Rights that a sick pod complains of in its log. */
export const serviceAccountRights: Analyzer = (scope, snapshot) => {
  const found = sickPods(scope.pods, snapshot.now).flatMap((pod) => complaints(pod, snapshot));
  return found.slice(0, 1);
};

function complaints(pod: Pod, snapshot: Snapshot): readonly Finding[] {
  const { name, namespace = "" } = pod.metadata;
  return pod.spec.containers.flatMap((container) => {
    const lines = snapshot.lines({ namespace, name }, container.name);
    const line = lines.findLast((each) => complaintOf(each) !== undefined);
    const complaint = complaintOf(line ?? "");
    return line === undefined || complaint === undefined
      ? []
      : [rightsFinding(pod, container.name, line, complaint)];
  });
}

function rightsFinding(
  pod: Pod,
  container: string,
  line: string,
  { text, remedy }: Complaint,
): Finding {
  const { namespace = "default" } = pod.metadata;
  const object = label("Pod", pod);
  return {
    cause: "service_account",
    confidence: "likely",
    summary: `${object} ${text}.`,
    evidence: [{ object, field: `log of container ${container}`, value: line }],
    affected: [object],
    remedy,
    next: { tool: "kubectl_get", args: { resource_type: "serviceaccounts", namespace } },
  };
}
