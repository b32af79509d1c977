import {
  type NetworkPolicy,
  type PolicyPeer,
  readNetworkPolicy,
} from "#domain/kubernetes/network-policy.ts";
import { selectorText, selects } from "#domain/kubernetes/selector.ts";
import { quoted } from "#domain/text/untrusted.ts";
import type { Finding } from "./finding.ts";
import { podsOf } from "./read-once.ts";
import type { Analyzer } from "./scope.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Policies that mean two sorts of callers and let in one at most: a peer with a namespace and a pod selector asks for
 * both at once (networking.k8s.io/v1), and pods of such labels live in the policy's own namespace, which the other
 * half leaves out.
 */
export const crossedPolicies: Analyzer = (scope, snapshot) =>
  scope
    .of("networkpolicies")
    .map(readNetworkPolicy)
    .flatMap((policy) => crossedIn(policy, snapshot));

function crossedIn(policy: NetworkPolicy, snapshot: Snapshot): readonly Finding[] {
  const peers = (policy.spec.ingress ?? []).flatMap(({ from }, rule) =>
    (from ?? []).map((peer, index) => ({ peer, field: `spec.ingress[${rule}].from[${index}]` })),
  );
  // A peer that names pods alone lets pods of the policy's own namespace in.
  if (peers.some(({ peer }) => peer.namespaceSelector === undefined)) return [];
  return peers.flatMap(({ peer, field }) => crossedPeer(policy, peer, field, snapshot)).slice(0, 1);
}

function crossedPeer(
  { metadata, spec }: NetworkPolicy,
  { podSelector, namespaceSelector }: PolicyPeer,
  field: string,
  snapshot: Snapshot,
): readonly Finding[] {
  const { name, namespace = "" } = metadata;
  const own = snapshot.of("namespaces").find((each) => each.metadata.name === namespace);
  if (!podSelector || !namespaceSelector || !own) return [];
  if (selectorText(podSelector) === "" || selects(namespaceSelector, own.metadata.labels))
    return [];
  const kept = podsOf(snapshot).filter(
    ({ metadata: pod }) =>
      pod.namespace === namespace &&
      selects(podSelector, pod.labels) &&
      !selects(spec.podSelector, pod.labels),
  );
  const [first] = kept;
  if (first === undefined) return [];
  const [pods, namespaces] = [podSelector, namespaceSelector].map((each) =>
    quoted(selectorText(each), 120),
  );
  return [
    {
      cause: "network_policy",
      confidence: "likely",
      summary: `NetworkPolicy ${namespace}/${name} lets in only pods ${pods} of namespaces ${namespaces}: one peer asks for both, so that pods of these labels in namespace ${namespace} are kept out, such as ${first.metadata.name}.`,
      evidence: [
        {
          object: `NetworkPolicy ${namespace}/${name}`,
          field,
          value: `podSelector ${selectorText(podSelector)} and namespaceSelector ${selectorText(namespaceSelector)}`,
        },
      ],
      ...(metadata.creationTimestamp ? { since: new Date(metadata.creationTimestamp) } : {}),
      affected: kept.map((pod) => `Pod ${namespace}/${pod.metadata.name}`),
      remedy:
        "If either sort of caller is meant, make them two entries of from; else name the namespace of these pods.",
      next: { tool: "kubectl_get", args: { resource_type: "networkpolicies", name, namespace } },
    },
  ];
}
