import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import * as z from "zod";
import { releasesPermissions } from "#adapters/helm/permissions.ts";
import { namespacedKinds } from "#adapters/kubernetes/kinds.ts";
import { workloadsPermissions } from "#adapters/kubernetes/workloads.ts";
import { type AccessRule, mergeRules } from "#domain/kubernetes/access.ts";

const folder = join(import.meta.dirname, "../../deploy/rbac");

const roleSchema = z.object({
  kind: z.enum(["Role", "ClusterRole"]),
  rules: z.array(
    z.strictObject({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      verbs: z.array(z.string()),
    }),
  ),
});

function granted(file: string, kind: "Role" | "ClusterRole"): readonly AccessRule[] {
  const documents = [...parseAllDocuments(readFileSync(join(folder, file), "utf8"))];
  const roles = documents.map((document) => roleSchema.safeParse(document.toJS()));
  const rules = roles.flatMap(({ data }) => (data?.kind === kind ? data.rules : []));
  return mergeRules(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource, verbs }))),
    ),
  );
}

const { get, list, logs, cordon, evict, createJob, shiftTraffic, ...actions } =
  workloadsPermissions;
const allReads: readonly AccessRule[] = [...get, ...list, ...logs];
const isSecret = ({ resource }: AccessRule) => resource === "secrets";
const reads = allReads.filter((rule) => !isSecret(rule));
const changes: readonly AccessRule[] = Object.values(actions).flat();
const isNamespaced = ({ resource }: AccessRule) =>
  resource === "pods/log" || namespacedKinds.some((kind) => kind === resource);

const { rollback, ...helmReads } = releasesPermissions;

describe("deploy/rbac grants exactly what the adapters declare", () => {
  it.each([
    ["read.yaml", "ClusterRole", reads],
    ["actions.yaml", "ClusterRole", changes],
    ["namespace.yaml", "Role", [...reads, ...changes].filter(isNamespaced)],
    ["nodes.yaml", "ClusterRole", [...cordon, ...evict]],
    ["extra.yaml", "ClusterRole", [...evict, ...createJob, ...shiftTraffic]],
    ["secrets.yaml", "Role", allReads.filter(isSecret)],
    ["helm-read.yaml", "Role", Object.values(helmReads).flat()],
    ["helm-rollback.yaml", "Role", rollback],
  ] as const)("%s", (file, kind, declared) => {
    expect(granted(file, kind)).toEqual(mergeRules(declared));
  });

  it("has no other role, and Secrets only where their name says so", () => {
    const files = readdirSync(folder).filter((file) => file !== "account.yaml");
    const withSecrets = files.filter((file) =>
      [...granted(file, "Role"), ...granted(file, "ClusterRole")].some(isSecret),
    );
    expect(files).toHaveLength(8);
    expect(withSecrets.sort()).toEqual(["helm-read.yaml", "helm-rollback.yaml", "secrets.yaml"]);
  });
});
