import type { ObjectRef } from "#domain/kubernetes/object.ts";
import { factCalls as factCallsOf } from "#prompts/fill.ts";
import type { Prompt } from "#prompts/index.ts";
import type { LiveNames } from "./live-names.ts";

export interface NaturalCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The reads that somebody would make in a world, each with as few arguments as serve. */
export function naturalReads(names: LiveNames, slugs: readonly string[]): NaturalCall[] {
  const { alarms, metrics, logGroups, namespaces, releases, objects } = names;
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  const rolledOut = new Set(["deployments", "statefulsets", "daemonsets"]);
  return [
    call("list_active_alarms", [{}]),
    call(
      "get_alarm_history",
      alarms.map((alarm_name) => ({ alarm_name })),
    ),
    call(
      "get_metric_statistics",
      metrics.map(({ namespace, name, dimensions }) => ({
        namespace,
        metric_name: name,
        dimensions,
      })),
    ),
    call("fetch_log_events", [
      ...logGroups.map((log_group) => ({ log_group })),
      ...logGroups.map((log_group) => ({ log_group, filter_pattern: "*" })),
    ]),
    call("kubectl_get", [
      ...kinds.map((kind) => ({ resource_type: kind, all_namespaces: true })),
      ...kinds.flatMap((kind) =>
        namespaces.map((namespace) => ({ resource_type: kind, namespace })),
      ),
      ...objects.map(({ kind, ...rest }) => ({ resource_type: kind, ...rest })),
    ]),
    call(
      "kubectl_describe",
      objects.map(({ kind, ...rest }) => ({ resource_type: kind, ...rest })),
    ),
    call("kubectl_events", [
      { all_namespaces: true },
      ...namespaces.map((namespace) => ({ namespace })),
    ]),
    call("kubectl_top", [{ what: "nodes" }, { what: "pods", all_namespaces: true }]),
    call(
      "kubectl_logs",
      objects
        .filter(({ kind }) => kind === "deployments" || kind === "pods")
        .flatMap(({ kind: _, ...rest }) => [rest, { ...rest, previous: true, limit: 3 }]),
    ),
    call(
      "kubectl_rollout_status",
      objects
        .filter(({ kind }) => rolledOut.has(kind))
        .map(({ kind, ...rest }) => ({ resource_type: kind.slice(0, -1), ...rest })),
    ),
    call(
      "helm_history",
      releases.map(({ name: release, namespace }) => ({ release, namespace })),
    ),
    call("find_runbook", [
      {},
      ...alarms.map((alarm_name) => ({ alarm_name })),
      { query: "connections exhausted after release", reason: "OOMKilled" },
    ]),
    call(
      "get_runbook",
      slugs.map((slug) => ({ slug })),
    ),
  ].flat();
}

/** A change of each sort, to everything that it could be made to. */
export function naturalChanges({ releases, objects }: LiveNames): NaturalCall[] {
  const named = (kind: string) => objects.filter((object) => object.kind === kind);
  return [
    call(
      "helm_rollback",
      releases.map(({ name: release, namespace }) => ({ release, namespace })),
    ),
    call(
      "helm_scale",
      releases.map(({ name: release, namespace }) => ({ release, namespace, replicas: 7 })),
    ),
    call(
      "kubectl_rollout_restart",
      named("deployments").map(({ name, namespace }) => ({ deployment: name, namespace })),
    ),
    ...workloadChanges(named("deployments")),
    call(
      "kubectl_set_hpa_bounds",
      named("horizontalpodautoscalers").map(({ name, namespace }) => ({
        ...{ name, namespace },
        max_replicas: 11,
      })),
    ),
    call(
      "kubectl_patch_configmap",
      named("configmaps").map(({ name, namespace }) => ({
        name,
        namespace,
        data: { max_connections: "200" },
      })),
    ),
  ].flat();
}

function workloadChanges(deployments: readonly ObjectRef[]): readonly NaturalCall[] {
  const refs = deployments.map(({ name, namespace }) => ({ name, namespace }));
  const image = "registry.example.com/team/app:v1";
  return [
    call("kubectl_rollout_undo", refs),
    call(
      "kubectl_scale",
      refs.map((ref) => ({ ...ref, replicas: 7 })),
    ),
    call(
      "kubectl_set_resources",
      refs.map((ref) => ({ ...ref, memory_limit: "1Gi" })),
    ),
    call(
      "kubectl_set_image",
      refs.map((ref) => ({ ...ref, image })),
    ),
    call(
      "kubectl_rollout_pause",
      refs.map((ref) => ({ ...ref, paused: true })),
    ),
  ].flat();
}

/** What the prompts read for themselves, for each alarm and release. */
export function factCalls(prompts: readonly Prompt[], names: LiveNames): readonly NaturalCall[] {
  const given = names.alarms.flatMap((alarm) =>
    names.releases.map(({ name: service, namespace }) => ({ alarm, service, namespace })),
  );
  const facts = prompts.flatMap((prompt) =>
    given.flatMap((args) => factCallsOf(prompt.facts, args)),
  );
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];
}

function call(tool: string, each: readonly NaturalCall["args"][]): readonly NaturalCall[] {
  return each.map((args) => ({ tool, args }));
}
