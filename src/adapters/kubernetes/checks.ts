import * as z from "zod";
import type { DoctorCheck } from "#domain/doctor.ts";
import { type AccessRule, mergeRules } from "#domain/kubernetes/access.ts";
import { type ResourceKind, readableKinds } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { Connection } from "./connection.ts";
import { namespacedKinds } from "./kinds.ts";
import { workloadsPermissions } from "./workloads.ts";

export interface AccessToCheck {
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
  /** Whether changes are wanted too. */
  readonly changes: boolean;
  /** Toolsets as they were chosen: some need rights of their own. */
  readonly toolsets?: readonly string[];
  /** What Helm needs to roll releases back, where it is there to do so. */
  readonly rollback?: readonly AccessRule[];
}

const versionSchema = z.object({ gitVersion: z.string() });
const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Tries the API server, and asks it about every verb that the adapter may use. */
export async function checkCluster(
  api: Connection,
  access: AccessToCheck,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const reached = await checkVersion(api, signal);
  if (reached.status !== "ok") return [reached];
  const scopes = access.namespaces.length > 0 ? access.namespaces : [undefined];
  const checks = scopes.flatMap((namespace) =>
    wanted(access).map((sort) => checkVerbs(api, sort, namespace, signal)),
  );
  return [reached, ...(await Promise.all(checks))];
}

async function checkVersion(api: Connection, signal: AbortSignal): Promise<DoctorCheck> {
  const subject = `Kubernetes API of ${api.cluster}`;
  try {
    const request = { verb: "get", group: "", resource: "version", path: "/version" };
    const { gitVersion } = await api.send(request, versionSchema, signal);
    return { subject, status: "ok", detail: gitVersion };
  } catch (error) {
    return failed(subject, error);
  }
}

interface Sort {
  readonly label: string;
  readonly rules: readonly AccessRule[];
  /** A role that grants it. */
  readonly role: string;
  /** Without it Firewatch still works. */
  readonly optional: boolean;
}

function wanted({ namespaces, changes, rollback, toolsets = [] }: AccessToCheck): readonly Sort[] {
  const served = namespaces.length > 0 ? namespacedKinds : readableKinds;
  const { get, list, logs, cordon, evict, createJob, shiftTraffic, ...actions } =
    workloadsPermissions;
  const objects = mergeRules([...get, ...list]).filter(({ resource }) =>
    includes(served, resource),
  );
  const reads = [...objects, ...logs];
  const isSecret = ({ resource }: AccessRule) => resource === "secrets";
  const sorts = [
    sort(
      "read",
      "read",
      reads.filter((rule) => !isSecret(rule)),
      false,
    ),
    sort("read names of Secrets", "secrets", reads.filter(isSecret), true),
  ];
  if (!changes) return sorts;
  const change = sort("change", "actions", mergeRules(Object.values(actions).flat()), false);
  const rolling = rollback && sort("roll releases back", "helm-rollback", rollback, true);
  const chosen = (name: string) => toolsets.includes(name) || toolsets.includes("all");
  const nodes = [sort("change nodes", "nodes", [...cordon, ...evict], false)];
  const extra = [...evict, ...createJob, ...shiftTraffic];
  const more = [
    ...(chosen("nodes") && namespaces.length === 0 ? nodes : []),
    ...(chosen("kubernetes-extra") ? [sort("evict, run, shift", "extra", extra, false)] : []),
  ];
  return [...sorts, change, ...more, ...(rolling ? [rolling] : [])];
}

const sort = (label: string, role: string, rules: readonly AccessRule[], optional: boolean) => ({
  label,
  rules,
  role: `deploy/rbac/${role}.yaml`,
  optional,
});

function includes(kinds: readonly ResourceKind[], resource: string): boolean {
  return kinds.some((kind) => kind === resource);
}

async function checkVerbs(
  api: Connection,
  { label, rules, role, optional }: Sort,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<DoctorCheck> {
  const where = namespace === undefined ? "in all namespaces" : `in namespace ${namespace}`;
  const subject = `${label} on ${api.cluster} ${where}`;
  try {
    const rights = rules.flatMap(({ verbs, ...rule }) => verbs.map((verb) => ({ ...rule, verb })));
    const allowed = await Promise.all(rights.map((right) => review(api, right, namespace, signal)));
    const denied = rights.filter((_, index) => !allowed[index]);
    if (denied.length === 0) return { subject, status: "ok", detail: `${rights.length} rights` };
    const detail = `Not allowed: ${deniedText(denied)}.`;
    return { subject, status: optional ? "not configured" : "failed", detail, fix: fixFor(role) };
  } catch (error) {
    return failed(subject, error);
  }
}

const fixFor = (role: string) => `Apply ${role} and bind it to Firewatch's account.`;

/** Most rights that are named; the role in `fix` holds them all. */
const MOST_NAMED = 6;

function deniedText(denied: readonly Right[]): string {
  const names = denied.map(({ verb, resource }) => `${verb} ${resource}`);
  const rest = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

async function review(
  api: Connection,
  { group, resource, verb }: Right,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const [plural = "", subresource] = resource.split("/");
  const namespaced = plural !== "nodes" && plural !== "namespaces";
  const scope = namespaced && namespace !== undefined ? { namespace } : {};
  const what = { resource: plural, ...(subresource === undefined ? {} : { subresource }) };
  const request = {
    verb: "create",
    group: "authorization.k8s.io",
    resource: "selfsubjectaccessreviews",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body: { spec: { resourceAttributes: { group, ...what, verb, ...scope } } },
  };
  const { status } = await api.send(request, reviewSchema, signal);
  return status.allowed;
}

function failed(subject: string, error: unknown): DoctorCheck {
  if (!(error instanceof OpsError)) throw error;
  return { subject, status: "failed", detail: error.message, fix: error.hint };
}
