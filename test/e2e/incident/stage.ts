import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { AuditEvent } from "../backends/kubernetes/audit.ts";
import { cluster } from "../kubernetes/cluster.ts";

/** Registers what has to be done when a test has ended. */
export type Cleanup = (end: () => Promise<void> | void) => void;

/** A namespace with a release in it, and an account that has the rights of `deploy/rbac` there and no others. */
export interface Stage {
  readonly namespace: string;
  /** Of the account. */
  readonly kubeconfig: string;
  /** What the account changed, by the API server's own record, such as `patch deployments/web`. */
  writes(): readonly string[];
  /** Every request of the account. */
  requests(): readonly AuditEvent[];
}

export const NAME = "customer-etl";

const rbac = join(import.meta.dirname, "../../../deploy/rbac");
const chart = join(import.meta.dirname, "../backends/charts/customer-etl");

/** What a revision sets. */
export type Values = Readonly<Record<string, string>>;

/** The second revision crashes. */
export const wellThenCrashing: readonly Values[] = [{}, { behaves: "crashloop" }];

/** All that the tools need in one namespace; each is a file of `deploy/rbac`. */
const allRoles = ["namespace", "secrets", "helm-read", "helm-rollback"] as const;
export type Role = (typeof allRoles)[number];

/** A stage whose release has these revisions. */
export function openStage(
  namespace: string,
  revisions: readonly Values[] = wellThenCrashing,
  roles: readonly Role[] = allRoles,
): Promise<Stage> {
  return inTurn(async () => {
    for (const values of revisions) await upgrade(namespace, values);
    return grantedStage(namespace, roles);
  });
}

/** Setting a stage keeps a core busy, and stories wait most of their time: stages are set two at a time. */
const turns: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];

/** Runs the work when its turn comes. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const before = turns.shift();
  const mine = Promise.resolve(before).then(work);
  turns.push(mine.catch(() => {}));
  return await mine;
}

/** Installs the release, or upgrades it as somebody else would. */
export async function upgrade(namespace: string, values: Values): Promise<void> {
  const set = Object.entries(values).flatMap(([name, value]) => [
    "--set-string",
    `${name}=${value}`,
  ]);
  const wait = values.behaves === undefined ? ["--wait", "--timeout", "120s"] : [];
  const where = ["--namespace", namespace, "--create-namespace", "--install", "--reset-values"];
  await cluster().helm(4, ["upgrade", NAME, chart, ...where, ...set, ...wait]);
  if (values.behaves === "crashloop") await crashing(namespace);
}

async function crashing(namespace: string): Promise<void> {
  const reasons = "jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}";
  const args = ["get", "pods", "--namespace", namespace, "-o", reasons];
  const look = async () => expect(await cluster().kubectl(args)).toContain("CrashLoopBackOff");
  await vi.waitFor(look, { timeout: 60_000, interval: 1_000 });
}

/** The stage of a namespace that is there: gives the account its rights. */
export async function grantedStage(
  namespace: string,
  roles: readonly Role[] = allRoles,
): Promise<Stage> {
  await grant(namespace, roles);
  const kubeconfig = await cluster().accountKubeconfig(namespace, "firewatch");
  const user = account(namespace);
  return {
    namespace,
    kubeconfig,
    requests: () => cluster().audit(user),
    writes: () => cluster().audit(user).filter(isWrite).map(writeText),
  };
}

/** A right that each role gives and the ones before it do not. */
const rightOf: Readonly<Record<Role, readonly [string, string]>> = {
  namespace: ["patch", "configmaps"],
  secrets: ["list", "secrets"],
  "helm-read": ["list", "secrets"],
  "helm-rollback": ["update", "secrets"],
};

/** Gives roles to the account of this namespace, and waits until they are in force. */
async function grant(namespace: string, roles: readonly Role[]): Promise<void> {
  const name = { name: "firewatch", namespace };
  const serviceAccount = { apiVersion: "v1", kind: "ServiceAccount", metadata: name };
  const manifests = [
    JSON.stringify(serviceAccount),
    ...roles.map((role) => roleFor(namespace, role)),
  ];
  const apply = ["apply", "--namespace", namespace, "-f", "-"];
  await cluster().kubectl(apply, manifests.join("\n---\n"));
  for (const role of roles.slice(-1)) {
    const scope = ["--namespace", namespace, "--as", account(namespace)];
    const ask = ["auth", "can-i", ...rightOf[role], ...scope];
    await vi.waitFor(() => cluster().kubectl(ask), { timeout: 20_000, interval: 200 });
  }
}

/** Takes a role back, and waits until it is out of force. */
export async function revoke(namespace: string, role: Role): Promise<void> {
  const args = ["delete", "--namespace", namespace, "-f", "-"];
  await cluster().kubectl(args, roleFor(namespace, role));
  const scope = ["--namespace", namespace, "--as", account(namespace)];
  const ask = ["auth", "can-i", ...rightOf[role], ...scope];
  const look = () => expect(cluster().kubectl(ask)).rejects.toThrow();
  await vi.waitFor(look, { timeout: 20_000, interval: 200 });
}

/** The manifest with the account of this namespace as its subject. */
function roleFor(namespace: string, role: Role): string {
  const manifest = readFileSync(join(rbac, `${role}.yaml`), "utf8");
  return manifest.replaceAll("namespace: firewatch", `namespace: ${namespace}`);
}

const account = (namespace: string) => `system:serviceaccount:${namespace}:firewatch`;

/** Dry runs ask the server what it would do; reviews of access make nothing that stays. */
function isWrite({ verb, requestURI, objectRef, responseStatus }: AuditEvent): boolean {
  if (["get", "list", "watch"].includes(verb)) return false;
  if (requestURI.includes("dryRun=All")) return false;
  if (objectRef?.resource?.endsWith("accessreviews")) return false;
  return (responseStatus?.code ?? 0) < 400;
}

function writeText({ verb, objectRef }: AuditEvent): string {
  const { resource, subresource, name } = objectRef ?? {};
  const what = subresource ? `${resource}/${subresource}` : resource;
  return `${verb} ${what}${name ? `/${name}` : ""}`;
}

/** A folder of this test's own. */
export function stateFolder(cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-incident-"));
  cleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
