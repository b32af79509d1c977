import * as z from "zod";
import { countsByZone, places, type Where, whereToLook } from "#domain/diagnosis/cluster/where.ts";
import { jsonObjectSchema } from "#domain/json.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { clip } from "#domain/text/untrusted.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField } from "#tools/fields.ts";
import { nextCalls } from "./cluster-next.ts";
import { type ClusterFacts, readCluster } from "./cluster-reads.ts";
import { clusterText } from "./cluster-text.ts";

/** Room, so that the whole stays below 800 tokens. */
const MOST = { groups: 5, counted: 3, warnings: 4, nodes: 4, budgets: 2, message: 100 } as const;

const counted = z.array(z.object({ name: z.string(), pods: z.int() })).max(MOST.counted);

const output = z.object({
  namespace: z.string().optional(),
  place: z.enum(places).describe("Where to look first."),
  name: z.string().optional(),
  api: z
    .object({
      ready: z.boolean(),
      failing: z.array(z.string()),
      version: z.string(),
      milliseconds: z.int(),
    })
    .optional(),
  nodes: z.object({
    total: z.int(),
    sick: z.array(z.string()),
    cordoned: z.array(z.string()).describe("With the pods left to move."),
    left_out: z.int(),
  }),
  pods: z.object({ total: z.int(), abnormal: z.int(), leftovers: z.int(), ending: z.int() }),
  groups: z.array(
    z.object({ pods: z.int(), reason: z.string(), workload: z.string(), example: z.string() }),
  ),
  groups_left_out: z.int(),
  by_reason: counted,
  by_node: counted,
  by_zone: counted,
  by_namespace: counted,
  warnings: z.array(
    z.object({
      count: z.int(),
      reason: z.string(),
      object: z.string(),
      last_seen: z.string(),
      message: z.string(),
    }),
  ),
  warnings_left_out: z.int(),
  budgets_without_allowance: z.array(z.string()),
  budgets_left_out: z.int(),
  certificates: z.array(z.string()).describe("Ended, or about to."),
  certificates_left_out: z.int(),
  rollouts: z.array(z.string()).describe("Newest, of the last two hours."),
  rollouts_left_out: z.int(),
  next: z.array(z.object({ tool: z.string(), args: jsonObjectSchema })),
  unread: z.array(z.string()).describe("What could not be seen."),
  at: z.string(),
});
export type ClusterOutput = z.output<typeof output>;

export const diagnoseCluster = defineQuery({
  name: "diagnose_cluster",
  title: "Diagnose a cluster",
  description:
    "The first five minutes of an incident: API health, nodes, sick pods by reason and workload, what they share, warnings, blocked evictions, newest rollouts, where to look next.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input: z.strictObject({
    namespace: kubeNameField.optional().describe("All namespaces when left out."),
  }),
  output,
  untrusted: ["warnings[].message"],
  async run({ namespace }, ports, { signal }) {
    const facts = await readCluster(namespace, ports, signal);
    const sickNodes = facts.nodes.filter(({ troubles }) => troubles.length > 0);
    const where = whereToLook(facts.pods, {
      api: facts.api,
      zones: facts.zones,
      sickNodes: new Set(sickNodes.map(({ name }) => name)),
    });
    const asked = namespace === undefined ? {} : { namespace };
    return { ...asked, ...where, ...answer(facts), next: [...nextCalls(where, facts)] };
  },
  render: clusterText,
});

function answer(
  facts: ClusterFacts,
): Omit<z.input<typeof output>, keyof Where | "next" | "namespace"> {
  const { pods, budgets, rollouts, certificates, zones, api } = facts;
  return {
    ...(api ? { api: { ...api, failing: [...api.failing] } } : {}),
    nodes: nodesOf(facts),
    pods: {
      total: pods.total,
      abnormal: pods.abnormal,
      leftovers: pods.leftovers,
      ending: pods.ending,
    },
    groups: pods.groups.slice(0, MOST.groups).map(({ namespace, owner, ...group }) => ({
      pods: group.pods,
      reason: group.reason,
      workload: `${owner.kind} ${namespace}/${owner.name}`,
      example: group.example,
    })),
    groups_left_out: beyond(pods.groups, MOST.groups),
    by_reason: pods.byReason.slice(0, MOST.counted),
    by_node: pods.byNode.slice(0, MOST.counted),
    by_zone: countsByZone(pods.byNode, zones).slice(0, MOST.counted),
    by_namespace: pods.byNamespace.slice(0, MOST.counted),
    ...warningsOf(facts),
    budgets_without_allowance: budgets
      .slice(0, MOST.budgets)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    budgets_left_out: beyond(budgets, MOST.budgets),
    certificates: [...certificates.soonest],
    certificates_left_out: certificates.total - certificates.soonest.length,
    rollouts: rollouts.newest.map(
      ({ namespace, deployment, revision, at }) =>
        `Deployment ${namespace}/${deployment} revision ${revision} at ${isoSeconds(at)}, ${ago(at, facts)}`,
    ),
    rollouts_left_out: rollouts.total - rollouts.newest.length,
    unread: [...facts.unread],
    at: isoSeconds(facts.now),
  };
}

function ago(at: Date, { now }: ClusterFacts): string {
  return `${duration(now.getTime() - at.getTime())} ago`;
}

function nodesOf({ nodes, pods }: ClusterFacts): z.input<typeof output>["nodes"] {
  const sick = nodes.filter(({ troubles }) => troubles.length > 0);
  const cordoned = nodes.filter((node) => node.cordoned);
  return {
    total: nodes.length,
    sick: sick.slice(0, MOST.nodes).map(({ name, troubles }) => `${name} ${troubles.join(", ")}`),
    cordoned: cordoned
      .slice(0, MOST.nodes)
      .map(({ name }) => `${name} ${pods.movable.get(name) ?? 0}`),
    left_out: beyond(sick, MOST.nodes) + beyond(cordoned, MOST.nodes),
  };
}

function warningsOf({ warnings }: ClusterFacts) {
  return {
    warnings: warnings.slice(0, MOST.warnings).map((event) => ({
      count: event.count,
      reason: event.reason,
      object: `${event.owner.kind} ${event.namespace}/${event.owner.name}`,
      last_seen: isoSeconds(event.lastAt),
      message: clip(event.message, MOST.message),
    })),
    warnings_left_out: beyond(warnings, MOST.warnings),
  };
}

function beyond(all: readonly unknown[], most: number): number {
  return Math.max(0, all.length - most);
}
