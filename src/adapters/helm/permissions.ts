import type { AccessRule } from "#domain/kubernetes/access.ts";
import type { Releases } from "#ports/releases.ts";

/** The kinds of objects that charts are made of, as far as rollbacks are provided for. */
const chartKinds = [
  ["", "configmaps"],
  ["", "secrets"],
  ["", "serviceaccounts"],
  ["", "services"],
  ["apps", "daemonsets"],
  ["apps", "deployments"],
  ["apps", "statefulsets"],
  ["autoscaling", "horizontalpodautoscalers"],
  ["batch", "cronjobs"],
  ["batch", "jobs"],
  ["networking.k8s.io", "ingresses"],
  ["policy", "poddisruptionbudgets"],
] as const;

/** Helm 4 watches what it has applied, by lists where the server cannot stream them. */
const deploy = ["get", "list", "watch", "create", "patch", "delete"] as const;

const secrets = (...verbs: readonly string[]): AccessRule => ({
  group: "",
  resource: "secrets",
  verbs,
});

/** What each method makes Helm ask of RBAC; its releases are Secrets. */
export const releasesPermissions = {
  list: [secrets("list")],
  history: [secrets("list")],
  content: [secrets("get", "list")],
  allValues: [secrets("get", "list")],
  rollback: [
    secrets("update"),
    ...chartKinds.map(([group, resource]) => ({ group, resource, verbs: deploy })),
    { group: "", resource: "pods", verbs: ["list"] },
    { group: "apps", resource: "replicasets", verbs: ["list"] },
  ],
} as const satisfies Record<keyof Releases, readonly AccessRule[]>;
