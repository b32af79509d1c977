import * as z from "zod";
import { clip } from "#domain/text/untrusted.ts";
import { type ErrorCode, OpsError } from "#errors.ts";
import type { Answer } from "./exchange.ts";

/** What was asked of the API server, in its own words. */
export interface Asked {
  readonly cluster: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
}

/** A failed answer carries an object of kind Status. */
const statusSchema = z.object({
  message: z.string().default(""),
  details: z
    .object({ causes: z.array(z.object({ field: z.string().optional() })).default([]) })
    .optional(),
});
type Status = z.output<typeof statusSchema>;

/** The failed answer as an error: what happened, and what to do. */
export function answerError(answer: Answer, asked: Asked): OpsError {
  const status = readStatus(answer.body);
  const denial = admissionError(answer.status, status, asked);
  if (denial) return denial;
  const [code, message, hint] = explain(answer.status, status, asked);
  return new OpsError(code, message, hint);
}

function readStatus(body: unknown): Status {
  const parsed = statusSchema.safeParse(body);
  const status = parsed.success ? parsed.data : { message: typeof body === "string" ? body : "" };
  return { ...status, message: clip(status.message.trim(), 300) };
}

/** Webhooks and admission policies deny with any of several codes; RBAC alone says "cannot VERB resource". */
function admissionError(code: number, { message }: Status, asked: Asked): OpsError | undefined {
  const denied = /denied (the )?request/.test(message);
  const forbidden = code === 403 && /forbidden: /.test(message) && !/ cannot [a-z]+ /.test(message);
  if (!denied && !forbidden) return;
  return new OpsError(
    "refused",
    `Cluster ${asked.cluster} does not admit this change: ${message}`,
    "A rule of the cluster (quota, webhook or admission policy) forbids it; meet the rule or ask its owner.",
  );
}

type Explained = readonly [ErrorCode, string, string];

function explain(code: number, status: Status, asked: Asked): Explained {
  const what = `${describe(asked)} on cluster ${asked.cluster}`;
  switch (code) {
    case 401:
      return unauthenticated(asked, status.message);
    case 403:
      return ["access_denied", `Not allowed to ${what}: ${status.message}`, grantHint(asked)];
    case 404:
      return [
        "not_found",
        `Cannot ${what}: ${status.message || "the API server does not serve it"}.`,
        "Check the name, the namespace and the cluster; kubectl_get lists what there is.",
      ];
    case 409:
      return conflict(asked);
    case 410:
      return [
        "invalid_input",
        `The list cannot go on from there: the place is minutes old and the API server has forgotten it. Could not ${what}.`,
        "Call again without continue; narrow with label_selector or namespace to need fewer calls.",
      ];
    case 429:
      return [
        "throttled",
        `The API server keeps throttling: could not ${what}.`,
        "Wait a minute, then ask for less: one namespace, or a label selector.",
      ];
    case 504:
      return ["timed_out", `The API server gave up: could not ${what}.`, laterHint];
    default:
      return code >= 500 ? fault(code, status, what) : invalid(status, asked, what);
  }
}

const laterHint = "Try again; `firewatch doctor` tells whether the API server is well.";

function unauthenticated({ cluster }: Asked, message: string): Explained {
  return [
    "unauthenticated",
    `Cluster ${cluster} does not accept the credentials: ${message}`,
    "Renew them (for EKS `aws eks update-kubeconfig`, or log in to AWS anew) and call again.",
  ];
}

function conflict(asked: Asked): Explained {
  return [
    "conflict",
    `${asked.resource}/${asked.name} in ${asked.namespace} changed after it was read.`,
    "Nothing was changed. Plan again from what it is now.",
  ];
}

function fault(code: number, { message }: Status, what: string): Explained {
  return [
    "backend_error",
    `The API server failed (HTTP ${code}) to ${what}: ${message}`,
    laterHint,
  ];
}

/** A uid that differs is refused as an edit of an immutable field: the object was made anew. */
function invalid(status: Status, asked: Asked, what: string): Explained {
  if (status.details?.causes.some(({ field }) => field === "metadata.uid")) return conflict(asked);
  return [
    "invalid_input",
    `The API server refuses to ${what}: ${status.message}`,
    "Correct what it names and call again.",
  ];
}

function describe({ verb, resource, namespace, name }: Asked): string {
  const object = name === undefined ? resource : `${resource}/${name}`;
  return `${verb} ${object} ${namespace === undefined ? "in all namespaces" : `in namespace ${namespace}`}`;
}

function grantHint({ verb, group, resource, namespace }: Asked): string {
  const scope = namespace === undefined ? "--all-namespaces" : `--namespace ${namespace}`;
  const full = group === "" ? resource : `${resource}.${group}`;
  return `Grant the verb ${verb} on ${full}; deploy/rbac holds roles to apply. To check: kubectl auth can-i ${verb} ${full} ${scope}`;
}

/** What went wrong before there was an answer. Anything that is not the network's comes back as it is. */
export function transportError(error: unknown, asked: Asked, signal: AbortSignal): unknown {
  if (error instanceof OpsError) return error;
  if (signal.aborted) return abortError(signal, asked);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!networkCodes.test(code)) return error;
  const tls = /CERT|SELF_SIGNED|ISSUER|SIGNATURE|TLS|SSL|EPROTO/.test(code);
  return new OpsError(
    "unreachable",
    `Cluster ${asked.cluster} cannot be reached (${code}); could not ${describe(asked)}.`,
    tls
      ? "The server's certificate does not fit the kubeconfig: renew the kubeconfig, or its certificate-authority-data."
      : `Check the network, the VPN and the server's address in the kubeconfig.${writeHint(asked)}`,
    { cause: error },
  );
}

const networkCodes =
  /^(E(CONN|HOST|NET|AI_|PIPE|PROTO|TIMEDOUT|NOTFOUND)|ENOTFOUND|ETIMEDOUT|HPE_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH)/;

/** Only of a write is it unknown whether it happened; a dry run is none. */
function writeHint({ verb, query }: Asked): string {
  return verb === "patch" && query?.dryRun === undefined
    ? " It is not known whether the change was made: look before retrying."
    : "";
}

function abortError(signal: AbortSignal, asked: Asked): OpsError {
  const { reason } = signal;
  if (reason instanceof OpsError) return reason;
  const what = `${describe(asked)} on cluster ${asked.cluster}`;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new OpsError(
        "timed_out",
        `No answer before the deadline to: ${what}.`,
        `Ask for less, or try again.${writeHint(asked)}`,
      )
    : new OpsError("cancelled", `Cancelled: ${what}.`, `Call again if needed.${writeHint(asked)}`);
}

/** A success that is not what the API serves: a proxy or a login page answered in its place. */
export function strangeAnswer(asked: Asked, cause: unknown): OpsError {
  return new OpsError(
    "backend_error",
    `Something other than the API of cluster ${asked.cluster} answered; could not ${describe(asked)}.`,
    "Check the server's address in the kubeconfig, and whether a proxy stands in between.",
    { cause },
  );
}

/** The kubeconfig's own means of logging in (a token file, a certificate, a plug-in such as `aws`) failed. */
export function loginError(error: unknown, asked: Asked): OpsError {
  const cause = error instanceof Error ? error.message : String(error);
  const [code, message, hint] = unauthenticated(asked, clip(cause.trim(), 300));
  return new OpsError(code, message, hint, { cause: error });
}
