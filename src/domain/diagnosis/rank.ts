import type { Cause } from "./cause.ts";
import { confidences, type Evidence, type Finding } from "./finding.ts";

/** Pods were not made, not placed, not started, or end again and again: nothing works before that is solved. */
const starting: readonly Cause[] = [
  "quota_exceeded",
  "rollout_quota",
  "limit_range",
  "webhook_denied",
  "webhook_unavailable",
  "node_not_ready",
  "scheduling_gate",
  "volume_zone",
  "unbound_claim",
  "insufficient_cpu",
  "insufficient_memory",
  "too_many_pods",
  "taint_not_tolerated",
  "node_affinity",
  "topology_spread",
  "multi_attach",
  "volume_attach",
  "missing_configmap",
  "missing_secret",
  "missing_key",
  "config_error",
  "image_architecture",
  "image_auth",
  "image_not_found",
  "bad_command",
  "init_container_failed",
  "oom_node",
  "oom_limit",
  "service_account",
  "dns_failure",
  "network_policy",
  "failing_dependency",
  "liveness_probe",
  "app_exit",
  "node_memory_pressure",
  "node_disk_pressure",
  "node_pid_pressure",
  "evicted",
];

/** Pods run and do not serve, or nothing leads to them. */
const serving: readonly Cause[] = [
  "readiness_path",
  "readiness_port",
  "readiness_dependency",
  "slow_start",
  "service_selector",
  "service_port_name",
  "service_target_port",
  "ingress_backend",
  "ingress_class",
  "certificate_expired",
  "stuck_terminating",
  "job_deadline",
  "cronjob_suspended",
  "cronjob_missed",
  "rollout_paused",
];

/** What a controller says once something else is wrong, and what only narrows the room. */
const following: readonly Cause[] = [
  "service_pods_not_ready",
  "job_backoff",
  "rollout_pdb",
  "pdb_blocks",
  "rollout_deadline",
  "hpa_no_requests",
  "hpa_no_metrics",
  "hpa_fights_manifest",
  "hpa_at_maximum",
];

const tiers = [starting, serving, following];

const consequences: readonly Cause[] = [
  "service_pods_not_ready",
  "rollout_deadline",
  "hpa_no_metrics",
  "pdb_blocks",
  "rollout_pdb",
];
const unreachable: readonly Cause[] = ["failing_dependency", "readiness_dependency", "app_exit"];

/** Findings that are needless beside the cause, apart from what follows of everything. */
const explains: Partial<Record<Cause, readonly Cause[]>> = {
  node_not_ready: ["readiness_dependency", "slow_start", "stuck_terminating", "evicted"],
  node_memory_pressure: ["evicted"],
  node_disk_pressure: ["evicted"],
  node_pid_pressure: ["evicted"],
  oom_node: ["oom_limit", "node_memory_pressure"],
  image_architecture: ["bad_command", "app_exit"],
  volume_zone: ["unbound_claim"],
  multi_attach: ["volume_attach"],
  missing_configmap: ["volume_attach"],
  missing_secret: ["volume_attach"],
  missing_key: ["volume_attach"],
  dns_failure: unreachable,
  network_policy: ["dns_failure", ...unreachable],
  service_account: unreachable,
  failing_dependency: ["app_exit"],
  liveness_probe: ["app_exit", "slow_start"],
  job_backoff: ["app_exit"],
  job_deadline: ["app_exit"],
  hpa_no_requests: ["hpa_no_metrics"],
  rollout_paused: ["rollout_deadline"],
  rollout_quota: ["quota_exceeded"],
};

/** Causes that say no more of a Job than that its pods fail. */
const vague: readonly Cause[] = ["app_exit", "evicted", "liveness_probe"];

function explained(cause: Cause): readonly Cause[] {
  const own = explains[cause] ?? [];
  if (following.includes(cause)) return own;
  const ofJob: readonly Cause[] =
    starting.includes(cause) && !vague.includes(cause) ? ["job_backoff"] : [];
  return [...own, ...ofJob, ...(isOfPods(cause) ? consequences : [])];
}

/** Whether pods that suffer from it are not there or not ready. */
function isOfPods(cause: Cause): boolean {
  return starting.includes(cause) || cause.startsWith("readiness_") || cause === "slow_start";
}

/** Without repetition and without consequences of other findings, what is at the root first. */
export function rank(found: readonly Finding[], subject: string): readonly Finding[] {
  const merged = mergeSame(found);
  const kept = merged.filter((finding) => !merged.some((other) => absorbs(other, finding)));
  return kept
    .map((finding) => withConsequences(finding, merged))
    .toSorted((a, b) => compare(places(a, subject), places(b, subject)));
}

/** One finding for each cause and thing at fault. */
function mergeSame(found: readonly Finding[]): readonly Finding[] {
  const merged: Finding[] = [];
  for (const finding of found) {
    const index = merged.findIndex((other) => isSame(other, finding));
    const twin = merged[index];
    if (twin === undefined) merged.push(finding);
    else merged[index] = joined(twin, finding);
  }
  return merged;
}

function isSame(a: Finding, b: Finding): boolean {
  return a.cause === b.cause && a.affected.some((object) => b.affected.includes(object));
}

/** The surer one's words with the evidence of both. */
function joined(a: Finding, b: Finding): Finding {
  const [main, other] = sureness(a) <= sureness(b) ? [a, b] : [b, a];
  const since = [a.since, b.since].filter((at) => at !== undefined).sort((x, y) => +x - +y)[0];
  return {
    ...main,
    evidence: distinct([...main.evidence, ...other.evidence]),
    affected: [...new Set([...main.affected, ...other.affected])],
    ...(since ? { since } : {}),
  };
}

function absorbs(cause: Finding, consequence: Finding): boolean {
  if (cause === consequence || !explained(cause.cause).includes(consequence.cause)) return false;
  return sureness(cause) <= sureness(consequence) || cause.confidence !== "possible";
}

/** With what suffers from it, and with last words where they were told apart. */
function withConsequences(finding: Finding, all: readonly Finding[]): Finding {
  const suffering = all.filter((other) => absorbs(finding, other));
  const affected = [...finding.affected, ...suffering.flatMap((other) => other.affected)];
  const exits = suffering.filter(({ cause }) => cause === "app_exit");
  const evidence = [...finding.evidence, ...exits.flatMap((other) => other.evidence)];
  return { ...finding, evidence: distinct(evidence), affected: [...new Set(affected)] };
}

/** One for each field of each object; of a log each line. */
function distinct(all: readonly Evidence[]): readonly Evidence[] {
  const keyOf = ({ object, field, value }: Evidence) =>
    field.startsWith("log ") ? `${object} ${field} ${value}` : `${object} ${field}`;
  return [...Map.groupBy(all, keyOf).values()].flatMap((same) => same.slice(0, 1));
}

function sureness({ confidence }: Finding): number {
  return confidences.indexOf(confidence);
}

/** Where a finding stands by each criterion, the weightiest first; the least comes first. */
function places(finding: Finding, subject: string): readonly number[] {
  const { cause, confidence, affected } = finding;
  return [
    confidence === "possible" ? 1 : 0,
    tiers.findIndex((tier) => tier.includes(cause)),
    sureness(finding),
    affected.includes(subject) ? 0 : 1,
    -affected.length,
    tiers.flat().indexOf(cause),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((place, index) => place !== b[index]);
  return (a[differing] ?? 0) - (b[differing] ?? 0);
}
