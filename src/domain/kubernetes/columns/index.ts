import type { ResourceKind } from "#domain/kubernetes/object.ts";
import { cronJobRows, jobRows } from "./batch.ts";
import { disruptionBudgetRows, namespaceRows, nodeRows } from "./cluster.ts";
import { configMapRows, secretRows, volumeClaimRows } from "./config.ts";
import { eventRows } from "./events.ts";
import { endpointSliceRows, ingressRows, serviceRows } from "./network.ts";
import { podRows } from "./pods.ts";
import { plainRows, type Rows } from "./row.ts";
import { autoscalerRows, scaledObjectRows } from "./scaling.ts";
import { replicaSetRows, workloadRows } from "./workloads.ts";

/** How each kind is shown. */
export const rowsOf: Readonly<Record<ResourceKind, Rows>> = {
  pods: podRows,
  deployments: workloadRows("deployments"),
  replicasets: replicaSetRows,
  statefulsets: workloadRows("statefulsets"),
  daemonsets: workloadRows("daemonsets"),
  jobs: jobRows,
  cronjobs: cronJobRows,
  services: serviceRows,
  endpointslices: endpointSliceRows,
  ingresses: ingressRows,
  configmaps: configMapRows,
  secrets: secretRows,
  persistentvolumeclaims: volumeClaimRows,
  nodes: nodeRows,
  namespaces: namespaceRows,
  events: eventRows,
  horizontalpodautoscalers: autoscalerRows,
  poddisruptionbudgets: disruptionBudgetRows,
  scaledobjects: scaledObjectRows,
  controllerrevisions: plainRows,
  serviceaccounts: plainRows,
  resourcequotas: plainRows,
  limitranges: plainRows,
  networkpolicies: plainRows,
  httproutes: plainRows,
  persistentvolumes: plainRows,
  storageclasses: plainRows,
  volumeattachments: plainRows,
  ingressclasses: plainRows,
  validatingwebhookconfigurations: plainRows,
  mutatingwebhookconfigurations: plainRows,
  apiservices: plainRows,
  podmetrics: plainRows,
  nodemetrics: plainRows,
};
