import type { Place } from "#domain/diagnosis/cluster/where.ts";
import { count } from "#domain/text/table.ts";
import { duration } from "#domain/text/time.ts";
import { quoted } from "#domain/text/untrusted.ts";
import type { ClusterOutput } from "./diagnose-cluster.ts";

/** The outcome, what is sick, what they have in common, what happened, what to do next. */
export function clusterText(found: ClusterOutput): string {
  const lines = [
    headline(found),
    serverLine(found),
    nodesLine(found),
    ...sickLines(found),
    ...warningLines(found),
    ...standingLines(found),
    rolloutLine(found),
    found.unread.length > 0 ? `Could not see: ${found.unread.join(", ")}.` : "",
    ...found.next.map(({ tool, args }) => `Next: ${tool} ${JSON.stringify(args)}`),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

const advice: Readonly<Record<Place, (name: string) => string>> = {
  none: () =>
    "Nothing that the cluster knows of is sick; what fails inside healthy pods shows in logs and metrics.",
  workload: (name) => `Look at the workload first: ${name}.`,
  node: (name) => `Look at node ${name} first.`,
  zone: (name) => `Look at zone ${name} first: nearly all sick pods are in it.`,
  control_plane: () =>
    "Look at the control plane first: the API server is not well, or every namespace is hit.",
  network: () =>
    "The sick pods share no node, zone or workload: look at what lies between them (network, DNS, a common dependency).",
};

function headline({ place, name = "", pods, namespace, at }: ClusterOutput): string {
  const here = namespace === undefined ? "" : ` of namespace ${namespace}`;
  const sick = `${pods.abnormal} of ${count(pods.total, "pod")}${here} abnormal`;
  return `At ${at}: ${sick}. ${advice[place](name)}`;
}

function serverLine({ api }: ClusterOutput): string {
  if (api === undefined) return "";
  const state = api.ready ? "ready" : `not ready (failing: ${api.failing.join(", ")})`;
  return `API server ${api.version}: ${state}, answered in ${api.milliseconds} ms.`;
}

function nodesLine({ nodes }: ClusterOutput): string {
  const cordoned = nodes.cordoned.map((text) => text.replace(/ (\d+)$/, " (pods to move: $1)"));
  const parts = [
    nodes.sick.length > 0 ? `sick: ${nodes.sick.join("; ")}` : "all ready, no pressure",
    cordoned.length > 0 ? `cordoned: ${cordoned.join(", ")}` : "none cordoned",
  ];
  if (nodes.total === 0) return "";
  return `${count(nodes.total, "node")}; ${parts.join("; ")}${more(nodes.left_out)}.`;
}

function* sickLines(found: ClusterOutput): Generator<string> {
  const { groups, groups_left_out, by_reason, by_node, by_zone, by_namespace, pods } = found;
  if (groups.length > 0) yield "Abnormal pods:";
  for (const { pods: many, reason, workload, example } of groups) {
    yield `- ${many} × ${reason}: ${workload}${workload.endsWith(`/${example}`) ? "" : ` (${example})`}`;
  }
  if (groups_left_out > 0)
    yield `- and ${groups_left_out} more groups; give a namespace to see its own.`;
  const where = [
    groups_left_out > 0 ? counts("reason", by_reason) : "",
    counts("node", by_node),
    counts("zone", by_zone),
    counts("namespace", by_namespace),
  ].filter((text) => text !== "");
  if (where.length > 0) yield `By ${where.join("; by ")}.`;
  if (pods.leftovers > 0) {
    yield `${count(pods.leftovers, "pod")} that failed over an hour ago were left lying; not counted.`;
  }
}

function counts(what: string, all: ClusterOutput["by_node"]): string {
  if (all.length === 0) return "";
  return `${what}: ${all.map(({ name, pods }) => `${name} ${pods}`).join(", ")}`;
}

function* warningLines({
  warnings,
  warnings_left_out,
  unread,
  at,
}: ClusterOutput): Generator<string> {
  if (warnings.length === 0) {
    if (!unread.includes("events")) yield "No warning within 30 minutes.";
  } else yield `Warnings of the last 30 minutes${more(warnings_left_out)}:`;
  for (const { count: times, reason, object, last_seen, message } of warnings) {
    yield `- ${times} × ${reason} ${object}, ${since(last_seen, at)} ago: ${quoted(message)}`;
  }
}

function rolloutLine({ rollouts, rollouts_left_out, unread }: ClusterOutput): string {
  if (unread.includes("replicasets")) return "";
  return rollouts.length > 0
    ? `Newest rollouts: ${rollouts.join("; ")}${more(rollouts_left_out)}.`
    : "No Deployment began a new revision within two hours.";
}

function since(time: string, now: string): string {
  return duration(Date.parse(now) - Date.parse(time));
}

function* standingLines(found: ClusterOutput): Generator<string> {
  const { budgets_without_allowance: budgets, budgets_left_out, pods } = found;
  const { certificates, certificates_left_out } = found;
  if (budgets.length > 0) {
    yield `Disruption budgets that never allow an eviction: ${budgets.join(", ")}${more(budgets_left_out)}.`;
  }
  if (certificates.length > 0) {
    yield `Certificates: ${certificates.join("; ")}${more(certificates_left_out)}.`;
  }
  if (pods.ending > 0) yield `${count(pods.ending, "pod")} ending now.`;
}

function more(leftOut: number): string {
  return leftOut > 0 ? ` and ${leftOut} more` : "";
}
