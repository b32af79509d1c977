import type { ReleaseRef } from "#domain/helm/release.ts";
import { closest } from "#domain/text/closest.ts";
import { clip } from "#domain/text/untrusted.ts";
import { type ErrorCode, OpsError } from "#errors.ts";
import type { Finished } from "./run.ts";

interface Fault {
  readonly says: RegExp;
  readonly code: ErrorCode;
  readonly message: (theirs: string) => string;
  readonly hint: string;
}

const laterHint = "Try again; `firewatch doctor` tells whether the cluster answers.";
const lookFirst = "Look with helm_history before doing anything else.";

/** What Helm prints on standard error, by what it means. The first that matches counts. */
const faults: readonly Fault[] = [
  {
    says: /another operation .* is in progress|has pending operation/,
    code: "conflict",
    message: (theirs) => `Another Helm operation holds the release: ${theirs}`,
    hint: "Wait for it to end. If its process died, a person ends it with `helm rollback` to the last deployed revision.",
  },
  {
    says: /conflict occurred while applying|Apply failed with \d+ conflict/,
    code: "conflict",
    message: (theirs) => `Somebody else owns fields of the release's objects: ${theirs}`,
    hint: `The rollback may have been applied in part. ${lookFirst}`,
  },
  {
    says: /context deadline exceeded|timed out waiting|client rate limiter Wait|resource .* not ready/,
    code: "timed_out",
    message: (theirs) => `Helm stopped waiting for the workloads: ${theirs}`,
    hint: `The new revision is in the cluster, marked failed; its workloads may still become ready. ${lookFirst}`,
  },
  {
    says: /provide credentials|Unauthorized|getting credentials|exec plugin/,
    code: "unauthenticated",
    message: (theirs) => `The cluster does not accept Helm's credentials: ${theirs}`,
    hint: "Renew the kubeconfig's credentials and call again.",
  },
  {
    says: /forbidden/i,
    code: "access_denied",
    message: (theirs) => `Helm lacks a permission: ${theirs}`,
    hint: "Helm keeps releases in Secrets: apply deploy/rbac/helm-read.yaml in that namespace, and helm-rollback.yaml to roll back.",
  },
  {
    says: /connection re(fused|set)|no such host|i\/o timeout|no route to host|network is unreachable|EOF|x509|certificate|tls:/i,
    code: "unreachable",
    message: (theirs) => `Helm cannot reach the cluster: ${theirs}`,
    hint: "Check the network and the kubeconfig; `firewatch doctor` tries it.",
  },
];

/** A failed run of Helm, explained. */
export function helmError({ stderr, exitCode, timedOut }: Finished): OpsError {
  if (timedOut) return new OpsError("timed_out", "Helm did not answer in time.", laterHint);
  const theirs = lastLines(stderr);
  const fault = faults.find(({ says }) => says.test(stderr));
  if (fault) return new OpsError(fault.code, fault.message(theirs), fault.hint);
  return new OpsError(
    "backend_error",
    `Helm failed with exit code ${exitCode}: ${theirs}`,
    "Try the same with helm itself to see more.",
  );
}

/** Without warnings, and without the word that every error of Helm begins with. */
function lastLines(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => !/^(level=)?WARN/i.test(line.trim()));
  const text = lines.join(" ").trim();
  return clip(text.replace(/^Error: /, ""), 400);
}

export function isNotFound({ stderr }: Finished): boolean {
  return /release: not found|has no \d+ version/.test(stderr);
}

/** A release that does not exist, with those in the namespace whose names are like it. */
export function noRelease({ name, namespace }: ReleaseRef, others: readonly string[]): OpsError {
  const alike = closest(name, others);
  const shown = alike.length > 0 ? alike : others.slice(0, 5);
  const hint =
    shown.length > 0
      ? `Releases there: ${shown.join(", ")}.`
      : "No release was found there: check the namespace and the cluster.";
  return new OpsError("not_found", `No release ${name} in namespace ${namespace}.`, hint);
}

export function noRevision({ name }: ReleaseRef, revision: number): OpsError {
  return new OpsError(
    "not_found",
    `Release ${name} has no revision ${revision}.`,
    "helm_history lists those that Helm still keeps.",
  );
}

export function pendingRelease({ name }: ReleaseRef, status: string): OpsError {
  return new OpsError(
    "conflict",
    `Release ${name} is ${status}: another Helm operation holds it.`,
    "Wait for it to end. If its process died, a person ends it with `helm rollback` to the last deployed revision.",
  );
}

/** Our own limit ended Helm while it was at work. */
export function stoppedHalfWay({ name }: ReleaseRef): OpsError {
  const message = `The rollback of ${name} was stopped half-way; its state is unknown.`;
  return new OpsError("timed_out", message, lookFirst);
}
