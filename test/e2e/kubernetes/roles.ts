import { join } from "node:path";
import { expect, vi } from "vitest";
import { type AccessRule, mergeRules } from "#domain/kubernetes/access.ts";
import type { AuditEvent } from "../backends/kubernetes/audit.ts";
import type { HelmMajor } from "../backends/kubernetes/tools.ts";
import { cluster } from "./cluster.ts";

const rbac = join(import.meta.dirname, "../../../deploy/rbac");
const chart = join(import.meta.dirname, "../backends/charts/every-kind");
/** The account that the roles are bound to. */
export const account = "system:serviceaccount:firewatch:firewatch";

/** Applies a file, and waits until a right of it is in force, for the API server learns of it a moment later. */
export async function apply(file: string, right: readonly [string, string], namespace = "default") {
  const where = ["--namespace", namespace];
  await cluster().kubectl(["apply", "-f", join(rbac, file), ...where]);
  const ask = ["auth", "can-i", ...right, ...where, "--as", account];
  await vi.waitFor(() => cluster().kubectl(ask), { timeout: 10_000, interval: 50 });
}

export const remove = (file: string, namespace = "default") =>
  cluster().kubectl(["delete", "-f", join(rbac, file), "--namespace", namespace]);

export const createAccount = () => cluster().kubectl(["apply", "-f", join(rbac, "account.yaml")]);

/** What the account asked for and was granted since the mark, by the API server's own record. */
function used(events: readonly AuditEvent[]): readonly AccessRule[] {
  return mergeRules(
    events.flatMap((event) => {
      const { apiGroup: group = "", resource: plural = "", subresource } = event.objectRef ?? {};
      if (plural === "" || plural === "selfsubjectaccessreviews") return [];
      const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
      return verbsOf(event).map((verb) => ({ group, resource, verbs: [verb] }));
    }),
  );
}

/** To make an object by a patch asks for both verbs. */
function verbsOf({ verb, responseStatus }: AuditEvent): readonly string[] {
  return verb === "patch" && responseStatus?.code === 201 ? ["create", "patch"] : [verb];
}

/** What the user asks for from now on. */
export function recorder(user: string) {
  const start = cluster().audit(user).length;
  const events = () => cluster().audit(user).slice(start);
  return {
    async isExactly(rules: readonly AccessRule[]) {
      // The record of a request may be written a moment after its answer.
      await vi.waitFor(() => expect(used(events())).toEqual(mergeRules(rules)), 5_000);
      expect(events().filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    },
  };
}

/** A release of two revisions with every kind of object. */
export async function install(namespace: string, major: HelmMajor) {
  const upgrade = ["upgrade", "every", chart, "--install", "--wait", "--namespace", namespace];
  await cluster().helm(major, [...upgrade, "--create-namespace"]);
  await cluster().helm(major, [...upgrade, "--set", "only=b"]);
}
