import type { Analyzer } from "#domain/diagnosis/scope.ts";
import { podSecurity, webhookDenied, webhookUnavailable } from "./admission.ts";
import { hpaAtMaximum, hpaNoMetrics, hpaNoRequests } from "./autoscalers.ts";
import { pdbBlocks, rolloutPdb } from "./budgets.ts";
import { certificateExpired } from "./certificates.ts";
import { unboundClaim } from "./claims.ts";
import { cronJobMissed, cronJobSuspended } from "./cronjobs.ts";
import { ingressBackend, ingressClass } from "./ingresses.ts";
import { jobBackoff, jobDeadline } from "./jobs.ts";
import { networkPolicy } from "./network-policies.ts";
import { nodeNotReady, nodePressure } from "./nodes.ts";
import { limitRange, quota, quotaUnspecified } from "./quota.ts";
import { hpaFightsManifest } from "./replica-fight.ts";
import { rolloutDeadline, rolloutPaused } from "./rollouts.ts";
import { serviceAccountMissing, serviceAccountRights } from "./service-accounts.ts";
import { serviceSelector } from "./service-selector.ts";
import { servicePodsNotReady, servicePortName, serviceTargetPort } from "./services.ts";
import { volumeZone } from "./volume-zones.ts";

/** What may be wrong with anything but a pod's own containers. */
export const objectAnalyzers: readonly Analyzer[] = [
  quota,
  quotaUnspecified,
  limitRange,
  webhookDenied,
  webhookUnavailable,
  podSecurity,
  serviceAccountMissing,
  serviceAccountRights,
  rolloutPaused,
  rolloutPdb,
  rolloutDeadline,
  nodeNotReady,
  nodePressure,
  unboundClaim,
  volumeZone,
  serviceSelector,
  servicePortName,
  serviceTargetPort,
  networkPolicy,
  servicePodsNotReady,
  ingressBackend,
  ingressClass,
  certificateExpired,
  hpaNoRequests,
  hpaNoMetrics,
  hpaFightsManifest,
  hpaAtMaximum,
  pdbBlocks,
  jobBackoff,
  jobDeadline,
  cronJobSuspended,
  cronJobMissed,
];
