import type { JsonObject } from "#domain/json.ts";

/** A Job to create. */
export interface NewJob {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The CronJob that it is a run of. */
  readonly owner?: { readonly name: string; readonly uid: string };
  /** A JobSpec as the API takes it. */
  readonly spec: JsonObject;
}

/** The Job as the API takes it. */
export function jobManifest({ namespace, name, labels, annotations, owner, spec }: NewJob) {
  const controller = owner && {
    apiVersion: "batch/v1",
    kind: "CronJob",
    ...owner,
    controller: true,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      namespace,
      name,
      labels,
      annotations,
      ...(controller ? { ownerReferences: [controller] } : {}),
    },
    spec,
  };
}
