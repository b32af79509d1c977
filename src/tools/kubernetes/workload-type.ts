import * as z from "zod";

/** Workloads that roll out, as `kubectl rollout` names them, with the kind that each is. */
export const kindOf = {
  deployment: "deployments",
  statefulset: "statefulsets",
  daemonset: "daemonsets",
} as const;

export const workloadTypeField = z
  .enum(["deployment", "statefulset", "daemonset"])
  .default("deployment")
  .describe("Kind.");
