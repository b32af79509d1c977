import { cpuText } from "#domain/kubernetes/quantity.ts";
import { DAY } from "#domain/window.ts";
import type { Fixture } from "#sandbox/scenario.ts";

/** A quota that leaves room for one more pod of the usual size. */
export const QUOTA = { name: "compute", hardCpu: 2, leftCpu: 0.5 };

export function quotaFixture(namespace: string, start: number): Fixture {
  const hard = { "requests.cpu": cpuText(QUOTA.hardCpu) };
  const used = { "requests.cpu": cpuText(QUOTA.hardCpu - QUOTA.leftCpu) };
  return {
    kind: "resourcequotas",
    apiVersion: "v1",
    objectKind: "ResourceQuota",
    namespace,
    name: QUOTA.name,
    createdAt: start - 90 * DAY,
    body: { spec: { hard }, status: { hard, used } },
  };
}

export function storageClass(name: string, start: number): Fixture {
  return {
    kind: "storageclasses",
    apiVersion: "storage.k8s.io/v1",
    objectKind: "StorageClass",
    name,
    createdAt: start - 120 * DAY,
    body: {
      provisioner: name === "efs" ? "efs.csi.aws.com" : "ebs.csi.aws.com",
      reclaimPolicy: "Delete",
      volumeBindingMode: name === "efs" ? "Immediate" : "WaitForFirstConsumer",
    },
  };
}
