import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer, Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import {
  type Direction,
  type End,
  type NetworkPolicy,
  type PeerCheck,
  readNetworkPolicy,
  type TargetPort,
  type Verdict,
  verdict,
} from "#domain/kubernetes/network-policy.ts";
import { kindWord, type Workload } from "#domain/kubernetes/workload.ts";
import { type Call, callsIn } from "./callers.ts";
import { endOfPod, endOfTemplate, namespaceEnd, portOf } from "./ends.ts";
import { readIngress, routesOf } from "./ingresses.ts";
import { label, scoped, sickPods } from "./scoped.ts";
import { readService, type Service, selectedPods } from "./service-shape.ts";

/**
 * Traffic that is known to be wanted and that the policies deny: from workloads that name the Service, from the
 * ingress controller, and of the scope's own pods to DNS. A policy is never more than likely to be the cause: whether
 * it is enforced depends on the network plug-in.
 */
export const networkPolicy: Analyzer = (scope, snapshot) => {
  const policies = snapshot.of("networkpolicies").map(readNetworkPolicy);
  if (policies.length === 0) return [];
  const found = [
    ...deniedCalls(scope, snapshot, policies),
    ...deniedRoutes(scope, snapshot, policies),
    ...deniedNames(scope, snapshot, policies),
  ];
  return found.slice(0, 2);
};

function deniedCalls(
  scope: Scope,
  snapshot: Snapshot,
  policies: readonly NetworkPolicy[],
): readonly Finding[] {
  const services = new Set(scoped(scope, "services").map(({ metadata }) => metadata.name));
  const callers = new Set(scope.workloads.map(({ kind, name }) => `${kind}/${name}`));
  return callsIn(snapshot)
    .filter(({ caller, service }) => {
      const asked = callers.has(`${caller.kind}/${caller.name}`);
      return asked || services.has(service.metadata.name);
    })
    .flatMap((call) => deniedCall(call, snapshot, policies));
}

function deniedCall(
  call: Call,
  snapshot: Snapshot,
  policies: readonly NetworkPolicy[],
): readonly Finding[] {
  const { caller, service } = call;
  const [pod] = selectedPods(service, snapshot);
  if (pod === undefined) return [];
  const port = portOf(service, pod, call.port);
  if (port === undefined) return [];
  const from = endOfTemplate(caller, snapshot);
  const to = endOfPod(pod, snapshot);
  const into = verdict(policies, to, "ingress", from, port);
  const out = verdict(policies, from, "egress", to, port);
  const [denied, direction]: [Verdict, Direction] =
    into.allowed === "no" ? [into, "ingress"] : [out, "egress"];
  if (denied.allowed !== "no") return [];
  const who = label(kindWord(caller.kind), caller);
  const summary = `${policiesText(denied)} ${direction === "ingress" ? "keeps" : "stops"} ${who} from ${label("Service", service)}, port ${port.port}, which it calls (${call.where}). ${whyText(denied, direction)}`;
  return [
    finding(summary, denied, direction, service.metadata.namespace, [
      who,
      label("Service", service),
    ]),
  ];
}

/** Ingress controllers live in namespaces of such names. */
const CONTROLLER = /ingress|traefik|nginx|haproxy|kong|contour|istio|gateway|ambassador|envoy/;

function deniedRoutes(
  scope: Scope,
  snapshot: Snapshot,
  policies: readonly NetworkPolicy[],
): readonly Finding[] {
  return scoped(scope, "ingresses").flatMap((object) => {
    const ingress = readIngress(object);
    const services = routesOf(ingress).flatMap(({ service }) =>
      snapshot.of("services").filter(({ metadata }) => metadata.name === service.name),
    );
    const denied = services.flatMap((each) => deniedRoute(readService(each), snapshot, policies));
    return denied.slice(0, 1).map(({ service, blocked }) => {
      const what = label("Service", service);
      const summary = `${policiesText(blocked)} keeps the ingress controller from ${what}, which ${label("Ingress", ingress)} sends to. ${whyText(blocked, "ingress")}`;
      return finding(summary, blocked, "ingress", ingress.metadata.namespace, [
        label("Ingress", ingress),
        what,
      ]);
    });
  });
}

function deniedRoute(service: Service, snapshot: Snapshot, policies: readonly NetworkPolicy[]) {
  const [pod] = selectedPods(service, snapshot);
  const port = pod && portOf(service, pod, undefined);
  const others = controllerEnds(service, snapshot);
  if (pod === undefined || port === undefined || others.length === 0) return [];
  const to = endOfPod(pod, snapshot);
  const verdicts = others.map((other) => verdict(policies, to, "ingress", other, port));
  const [blocked] = verdicts;
  return blocked && verdicts.every(({ allowed }) => allowed === "no") ? [{ service, blocked }] : [];
}

/** The controllers' own pods; where they were not read, any pod of a namespace that may be theirs. */
function controllerEnds({ metadata }: Service, snapshot: Snapshot): readonly End[] {
  const pods = snapshot.ingressControllers ?? [];
  if (pods.length > 0) return pods.map((pod) => endOfPod(pod, snapshot));
  const names = snapshot.of("namespaces").map((object) => object.metadata.name);
  const others = names.filter((name) => name !== metadata.namespace);
  const likely = others.filter((name) => CONTROLLER.test(name));
  return (likely.length > 0 ? likely : others).map((name) => namespaceEnd(name, snapshot));
}

/** CoreDNS and kube-dns: pods `k8s-app=kube-dns` of kube-system, UDP port 53. */
const DNS_PORT: TargetPort = { port: 53, protocol: "UDP", names: ["dns"] };
const NAME_FAILURE =
  /no such host|NXDOMAIN|EAI_AGAIN|ENOTFOUND|server misbehaving|name resolution|lookup \S+/i;

function deniedNames(
  scope: Scope,
  snapshot: Snapshot,
  policies: readonly NetworkPolicy[],
): readonly Finding[] {
  const dns: End = {
    ...namespaceEnd("kube-system", snapshot),
    labels: { "k8s-app": "kube-dns" },
  };
  return scope.workloads.flatMap((workload) => {
    if (!suffers(scope, snapshot)) return [];
    const denied = verdict(policies, endOfTemplate(workload, snapshot), "egress", dns, DNS_PORT);
    return denied.allowed === "no" ? [namesFinding(workload, denied)] : [];
  });
}

/** Pods that are well, and complain of no name, manage without DNS. */
function suffers({ pods }: Scope, snapshot: Snapshot): boolean {
  if (sickPods(pods, snapshot.now).length > 0) return true;
  return pods.some(({ metadata: { name, namespace = "" }, spec }) =>
    spec.containers.some((container) =>
      snapshot.lines({ namespace, name }, container.name).some((line) => NAME_FAILURE.test(line)),
    ),
  );
}

function namesFinding(workload: Workload, denied: Verdict): Finding {
  const who = label(kindWord(workload.kind), workload);
  const summary = `${policiesText(denied)} lets ${who} send nothing to DNS (UDP port 53 of kube-system), so that it cannot resolve names. ${whyText(denied, "egress")}`;
  return finding(summary, denied, "egress", workload.namespace, [who]);
}

function policiesText({ policies }: Verdict): string {
  return `NetworkPolicy ${policies.slice(0, 3).join(" with ")}`;
}

const MISSES = {
  namespace: "the namespace does not fit",
  pod: "the pod's labels do not fit",
  port: "the port does not fit",
  address: "the address does not fit",
} as const;

/** The peer that comes nearest, and what of it does not fit. */
function whyText({ checks }: Verdict, direction: Direction): string {
  const near = nearest(checks);
  if (near === undefined) return `Nothing is allowed by its ${direction} rules.`;
  const missing = near.misses ? MISSES[near.misses] : "the peer does not fit";
  return `Its nearest rule, ${near.field} of ${near.policy}, asks for ${near.asks}, and ${missing}.`;
}

const closeness = { port: 0, pod: 1, namespace: 2, address: 3 } as const;

function nearest(checks: readonly PeerCheck[]): PeerCheck | undefined {
  const rank = ({ misses }: PeerCheck) => closeness[misses ?? "address"];
  return checks.toSorted((a, b) => rank(a) - rank(b))[0];
}

function finding(
  summary: string,
  { policies, checks }: Verdict,
  direction: Direction,
  namespace = "default",
  affected: readonly string[],
): Finding {
  const near = nearest(checks);
  const evidence: readonly Evidence[] = policies.slice(0, 3).map((name) => ({
    object: `NetworkPolicy ${namespace}/${name}`,
    field: near?.policy === name ? near.field : `spec.${direction}`,
    value: near?.policy === name ? near.asks : "allows nothing that fits",
  }));
  return {
    cause: "network_policy",
    confidence: "likely",
    summary,
    evidence,
    affected,
    remedy:
      direction === "ingress"
        ? "Add a rule that allows this caller and port, or correct the labels that the nearest rule asks for."
        : "Add an egress rule for this destination and port; DNS needs UDP and TCP 53 to kube-system.",
    next: { tool: "kubectl_get", args: { resource_type: "networkpolicies", namespace } },
  };
}
