import * as z from "zod";
import { blockMatch, type Match } from "./address-block.ts";
import { type KubeObject, metadataSchema } from "./object.ts";
import { type Selector, selectorSchema, selects } from "./selector.ts";

const portSchema = z.object({
  protocol: z.string().default("TCP"),
  /** Number, or name of a port that the receiving pod declares. Absent: all ports. */
  port: z.union([z.int(), z.string()]).optional(),
  endPort: z.int().optional(),
});

const peerSchema = z.object({
  podSelector: selectorSchema.optional(),
  namespaceSelector: selectorSchema.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
export type PolicyPeer = z.output<typeof peerSchema>;

const policySchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      podSelector: selectorSchema.prefault({}),
      policyTypes: z.array(z.string()).nullish(),
      ingress: z
        .array(
          z.object({
            from: z.array(peerSchema).nullish(),
            ports: z.array(portSchema).nullish(),
          }),
        )
        .nullish(),
      egress: z
        .array(
          z.object({ to: z.array(peerSchema).nullish(), ports: z.array(portSchema).nullish() }),
        )
        .nullish(),
    })
    .prefault({}),
});
export type NetworkPolicy = z.output<typeof policySchema>;

export function readNetworkPolicy(object: KubeObject): NetworkPolicy {
  return policySchema.parse(object);
}

export type Direction = "ingress" | "egress";
type Labels = Readonly<Record<string, string>>;

/** One end of a connection inside the cluster. */
export interface End {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  /** Absent: which pods of the namespace is not known; a peer that asks for labels may or may not mean them. */
  readonly labels?: Labels;
  /** Absent: not known. */
  readonly address?: string;
}

export interface TargetPort {
  readonly port: number;
  readonly protocol: string;
  /** Names under which the receiving pod declares the port. */
  readonly names: readonly string[];
}

/** One peer of a rule, and why it does or does not mean the other end. */
export interface PeerCheck {
  readonly policy: string;
  /** `spec.ingress[0].from[1]`. */
  readonly field: string;
  readonly match: Match;
  /** What it asks for, as `namespaces team=web and pods app=api`. */
  readonly asks: string;
  /** The part that does not fit. */
  readonly misses?: "namespace" | "pod" | "port" | "address";
}

export interface Verdict {
  readonly allowed: Match;
  /** Policies that select the pod in this direction; none: everything is allowed. */
  readonly policies: readonly string[];
  readonly checks: readonly PeerCheck[];
}

/**
 * Whether the policies of the pod's namespace let it talk with the other end. Policies only add up: the pod is
 * open until one selects it, then closed but for what any rule of any of them allows. Within one peer, namespace
 * and pod selector must both fit; the peers of a rule, and the rules, are alternatives.
 * Source: documentation of NetworkPolicy, networking.k8s.io/v1.
 */
export function verdict(
  policies: readonly NetworkPolicy[],
  pod: End,
  direction: Direction,
  other: End,
  port: TargetPort,
): Verdict {
  const applied = policies.filter((policy) => appliesTo(policy, pod, direction));
  const checks = applied.flatMap((policy) => checksOf(policy, direction, other, port));
  return {
    allowed: applied.length === 0 ? "yes" : best(checks.map(({ match }) => match)),
    policies: applied.map(({ metadata }) => metadata.name),
    checks,
  };
}

function best(matches: readonly Match[]): Match {
  if (matches.includes("yes")) return "yes";
  return matches.includes("maybe") ? "maybe" : "no";
}

/** Without policyTypes a policy is about ingress, and about egress when it has such rules. */
function appliesTo({ metadata, spec }: NetworkPolicy, pod: End, direction: Direction): boolean {
  const types = spec.policyTypes ?? ["Ingress", ...(spec.egress?.length ? ["Egress"] : [])];
  const concerned = types.some((type) => type.toLowerCase() === direction);
  return (
    concerned && metadata.namespace === pod.namespace && selects(spec.podSelector, pod.labels ?? {})
  );
}

interface Rule {
  readonly peers: readonly PolicyPeer[];
  readonly ports: readonly z.output<typeof portSchema>[];
  readonly field: string;
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly Rule[] {
  const rules =
    direction === "ingress"
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports, word: "from" }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports, word: "to" }));
  return rules.map(({ peers, ports, word }, index) => ({
    peers: peers ?? [],
    ports: ports ?? [],
    field: `spec.${direction}[${index}].${word}`,
  }));
}

function checksOf(
  policy: NetworkPolicy,
  direction: Direction,
  other: End,
  port: TargetPort,
): readonly PeerCheck[] {
  const { name, namespace = "" } = policy.metadata;
  return rulesOf(policy, direction).flatMap(({ peers, ports, field }) => {
    const open = ports.length === 0 || ports.some((each) => covers(each, port));
    // A rule without peers means everybody.
    const asked = peers.length === 0 ? [undefined] : peers;
    return asked.map((peer, index) => {
      const found = peer === undefined ? everybody : checkPeer(peer, namespace, other);
      const where = peer === undefined ? field : `${field}[${index}]`;
      const closed = { match: "no", misses: "port" } as const;
      const shut = !open && found.match !== "no" ? closed : {};
      return { policy: name, field: where, ...found, ...shut };
    });
  });
}

type Found = Omit<PeerCheck, "policy" | "field">;
const everybody: Found = { match: "yes", asks: "everybody" };

function checkPeer(peer: PolicyPeer, namespace: string, other: End): Found {
  const asks = peerText(peer);
  if (peer.ipBlock) {
    const match = blockMatch(peer.ipBlock.cidr, other.address);
    return match === "no" ? { match, misses: "address", asks } : { match, asks };
  }
  if (!inNamespace(peer.namespaceSelector, namespace, other)) {
    return { match: "no", misses: "namespace", asks };
  }
  const pods = podMatch(peer.podSelector, other);
  return pods === "no" ? { match: "no", misses: "pod", asks } : { match: pods, asks };
}

/** Without a namespace selector the peer's pods are those of the policy's own namespace. */
function inNamespace(selector: Selector | undefined, namespace: string, other: End): boolean {
  return selector === undefined
    ? other.namespace === namespace
    : selects(selector, other.namespaceLabels);
}

function podMatch(selector: Selector | undefined, { labels }: End): Match {
  if (selector === undefined || isEmpty(selector)) return "yes";
  if (labels === undefined) return "maybe";
  return selects(selector, labels) ? "yes" : "no";
}

function isEmpty({ matchLabels, matchExpressions }: Selector): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

function covers(rule: z.output<typeof portSchema>, { port, protocol, names }: TargetPort): boolean {
  if (rule.protocol !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === "string") return names.includes(rule.port);
  return rule.endPort === undefined
    ? rule.port === port
    : port >= rule.port && port <= rule.endPort;
}

function peerText({ namespaceSelector, podSelector, ipBlock }: PolicyPeer): string {
  if (ipBlock) return `addresses ${ipBlock.cidr}`;
  const pods = podSelector && `pods ${labelsText(podSelector)}`;
  if (!namespaceSelector) return `${pods ?? "pods"} of its own namespace`;
  const spaces = `namespaces ${labelsText(namespaceSelector)}`;
  return pods ? `${spaces} and there ${pods}` : spaces;
}

function labelsText({ matchLabels, matchExpressions }: Selector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(({ key, operator, values }) =>
    [key, operator, values.join("|")].filter(Boolean).join(" "),
  );
  return [...equal, ...others].join(",") || "of any label";
}
