import type { AccessRule } from "#domain/kubernetes/access.ts";
import type { ContainerChange } from "#domain/kubernetes/container-change.ts";
import type { Workloads } from "#ports/workloads.ts";
import type { Connection } from "./connection.ts";
import { patch, strategicPatch } from "./write.ts";

type Method = "setTemplate" | "setContainer" | "setPaused" | "setBounds";

const rolled: readonly AccessRule[] = ["deployments", "statefulsets", "daemonsets"].map(
  (resource) => ({ group: "apps", resource, verbs: ["patch"] }),
);

/** What each of these methods asks of RBAC. */
export const changePermissions = {
  setTemplate: rolled,
  setContainer: rolled,
  setPaused: [{ group: "apps", resource: "deployments", verbs: ["patch"] }],
  setBounds: [{ group: "autoscaling", resource: "horizontalpodautoscalers", verbs: ["patch"] }],
} as const satisfies Record<Method, readonly AccessRule[]>;

/** Changes of what workloads run, and within which bounds, over a cluster's API. */
export function workloadChanges(api: Connection): Pick<Workloads, Method> {
  return {
    setTemplate(ref, template, change, signal) {
      const body = { spec: { template: { ...template, $patch: "replace" } } };
      return strategicPatch(api, ref, body, change, signal);
    },
    setContainer(ref, container, change, signal) {
      const body = { spec: { template: { spec: containerPatch(container) } } };
      return strategicPatch(api, ref, body, change, signal);
    },
    setPaused: (ref, paused, change, signal) =>
      patch(api, { ...ref, kind: "deployments" }, { spec: { paused } }, change, signal),
    setBounds(ref, { min, max }, change, signal) {
      const body = { spec: { minReplicas: min, maxReplicas: max } };
      return patch(api, { ...ref, kind: "horizontalpodautoscalers" }, body, change, signal);
    },
  };
}

/** Containers are merged by their names. */
function containerPatch({ list, ...container }: ContainerChange) {
  return { [list]: [container] };
}
