import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { kubeObjectSchema } from "#domain/kubernetes/object.ts";
import type { House } from "#ports/index.ts";
import { withCluster } from "./cluster.ts";
import { countingBytes } from "./connect.ts";

/** A second person's server on the same house, who says yes to what they ask for. */
export function rival(house: House) {
  return {
    house,
    principal: "lou",
    answer: (message: string) => ({
      action: "accept" as const,
      content: { approve: true, target: message.includes("customer-etl") ? "customer-etl" : "" },
    }),
    settings: { randomBytes: countingBytes(100) },
  };
}

/** The cluster as credentials without rights to change anything meet it. */
export const powerless = withCluster(({ workloads }) => ({
  workloads: { ...workloads, may: async () => false },
}));

/** The cluster with the metadata of one kind's objects changed as they are read. */
export function marked(kind: ResourceKind, metadata: object) {
  return withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, signal) {
        const found = await workloads.get(ref, signal);
        return found && ref.kind === kind
          ? kubeObjectSchema.parse({ ...found, metadata: { ...found.metadata, ...metadata } })
          : found;
      },
    },
  }));
}

/** Objects of which Argo CD, or an operator, writes the spec. */
export const byArgo = { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment" } };
export const byOperator = {
  ownerReferences: [{ kind: "Shop", name: "main", uid: "1", controller: true }],
};

/** An object of namespace `shop`. */
export function inShop(name: string, fields: object): KubeObject {
  return kubeObjectSchema.parse({ metadata: { name, namespace: "shop", uid: name }, ...fields });
}
