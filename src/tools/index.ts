import { getAction } from "./actions/get-action.ts";
import { undoAction } from "./actions/undo-action.ts";
import { getAlarmHistory } from "./alarms/get-alarm-history.ts";
import { listActiveAlarms } from "./alarms/list-active-alarms.ts";
import { helmDiff } from "./helm/helm-diff.ts";
import { helmGetValues } from "./helm/helm-get-values.ts";
import { helmHistory } from "./helm/helm-history.ts";
import { helmList } from "./helm/helm-list.ts";
import { helmRollback } from "./helm/helm-rollback.ts";
import { helmScale } from "./helm/helm-scale.ts";
import { diagnoseCluster } from "./kubernetes/diagnose-cluster.ts";
import { diagnoseWorkload } from "./kubernetes/diagnose-workload.ts";
import { kubectlCordon } from "./kubernetes/kubectl-cordon.ts";
import { kubectlDescribe } from "./kubernetes/kubectl-describe.ts";
import { kubectlDrainNode } from "./kubernetes/kubectl-drain-node.ts";
import { kubectlEvents } from "./kubernetes/kubectl-events.ts";
import { kubectlEvictPod } from "./kubernetes/kubectl-evict-pod.ts";
import { kubectlGet } from "./kubernetes/kubectl-get.ts";
import { kubectlLogs } from "./kubernetes/kubectl-logs.ts";
import { kubectlPatchConfigmap } from "./kubernetes/kubectl-patch-configmap.ts";
import { kubectlRolloutHistory } from "./kubernetes/kubectl-rollout-history.ts";
import { kubectlRolloutPause } from "./kubernetes/kubectl-rollout-pause.ts";
import { kubectlRolloutRestart } from "./kubernetes/kubectl-rollout-restart.ts";
import { kubectlRolloutStatus } from "./kubernetes/kubectl-rollout-status.ts";
import { kubectlRolloutUndo } from "./kubernetes/kubectl-rollout-undo.ts";
import { kubectlRunJob } from "./kubernetes/kubectl-run-job.ts";
import { kubectlScale } from "./kubernetes/kubectl-scale.ts";
import { kubectlSetHpaBounds } from "./kubernetes/kubectl-set-hpa-bounds.ts";
import { kubectlSetImage } from "./kubernetes/kubectl-set-image.ts";
import { kubectlSetResources } from "./kubernetes/kubectl-set-resources.ts";
import { kubectlShiftTraffic } from "./kubernetes/kubectl-shift-traffic.ts";
import { kubectlTop } from "./kubernetes/kubectl-top.ts";
import { listRecentChanges } from "./kubernetes/list-recent-changes.ts";
import { fetchLogEvents } from "./logs/fetch-log-events.ts";
import { getMetricStatistics } from "./metrics/get-metric-statistics.ts";
import { postIncidentReport } from "./reports/post-incident-report.ts";
import { findRunbook } from "./runbooks/find-runbook.ts";
import { getRunbook } from "./runbooks/get-runbook.ts";
import type { Tool } from "./tool.ts";

export interface Toolset {
  readonly name: string;
  readonly title: string;
  /** Offered unless `--toolsets` says otherwise. */
  readonly default: boolean;
  readonly tools: readonly Tool[];
}

/** The catalogue: every tool there is, in the order in which it is listed. */
export const toolsets: readonly Toolset[] = [
  {
    name: "alarms",
    title: "Alarms",
    default: true,
    tools: [listActiveAlarms, getAlarmHistory],
  },
  {
    name: "metrics",
    title: "Metrics",
    default: true,
    tools: [getMetricStatistics],
  },
  {
    name: "logs",
    title: "Logs",
    default: true,
    tools: [fetchLogEvents],
  },
  {
    name: "kubernetes",
    title: "Kubernetes",
    default: true,
    tools: [
      listRecentChanges,
      diagnoseCluster,
      diagnoseWorkload,
      kubectlGet,
      kubectlDescribe,
      kubectlEvents,
      kubectlLogs,
      kubectlPatchConfigmap,
      kubectlRolloutStatus,
      kubectlRolloutHistory,
      kubectlRolloutRestart,
      kubectlRolloutUndo,
      kubectlScale,
      kubectlSetResources,
    ],
  },
  {
    name: "helm",
    title: "Helm",
    default: true,
    tools: [helmList, helmHistory, helmGetValues, helmDiff, helmRollback, helmScale],
  },
  {
    name: "runbooks",
    title: "Runbooks",
    default: true,
    tools: [findRunbook, getRunbook],
  },
  {
    name: "reports",
    title: "Reports",
    default: true,
    tools: [postIncidentReport],
  },
  {
    name: "kubernetes-extra",
    title: "Kubernetes, rarer tools",
    default: false,
    tools: [
      kubectlTop,
      kubectlRolloutPause,
      kubectlSetImage,
      kubectlSetHpaBounds,
      kubectlEvictPod,
      kubectlRunJob,
      kubectlShiftTraffic,
    ],
  },
  {
    name: "nodes",
    title: "Nodes",
    default: false,
    tools: [kubectlCordon, kubectlDrainNode],
  },
];

/** Offered with any action, whichever toolset it is of. */
export const forActions: readonly Tool[] = [getAction, undoAction];

/** Every tool there is, by name, whether offered or not. */
export const catalogue: ReadonlyMap<string, Tool> = new Map(
  [...toolsets.flatMap(({ tools }) => tools), ...forActions].map((tool) => [tool.name, tool]),
);
