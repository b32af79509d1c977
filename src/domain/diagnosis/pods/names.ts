import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { podState } from "#domain/kubernetes/pods.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { getCall } from "./calls.ts";
import { lineEvidence } from "./evidence.ts";
import type { Part, Patient, PodRule, Sign } from "./patient.ts";
import { brokenResolverLines, resolverLines, unresolvedName } from "./words.ts";

/** How many of the newest lines must be about names, of a container that runs well otherwise. */
const ENOUGH = 3;

/** Containers that run while names are not resolved for them. Those that end of it are told by how they end. */
export const names: PodRule = (patient) => {
  if (patient.state.status !== "Running") return [];
  return patient.parts
    .filter(({ failure, status }) => failure === undefined && status.state.running)
    .flatMap((part) => {
      const needed = part.status.ready ? ENOUGH : 1;
      return resolverLines(part.lines).length >= needed ? nameSign(patient, part, part.lines) : [];
    });
};

/** DNS at fault: the resolver fails, its pods are not ready, or it does not know what exists. Nothing when it is right. */
export function nameSign(patient: Patient, part: Part, lines: readonly string[]): readonly Sign[] {
  const broken = brokenResolverLines(lines);
  const telling = broken.length > 0 ? broken : resolverLines(lines);
  const sick = sickResolvers(patient);
  const hosts = [...new Set(telling.flatMap((line) => unresolvedName(line) ?? []))];
  const denied = hosts.filter((host) => !isUnknownService(host, patient));
  if (broken.length === 0 && sick.length === 0 && hosts.length > 0 && denied.length === 0)
    return [];
  const shown = hosts
    .slice(0, 3)
    .map((host) => quoted(host, 100))
    .join(", ");
  return [
    {
      cause: "dns_failure",
      confidence: sick.length > 0 ? "certain" : "likely",
      about: "",
      summary: `Container ${part.spec.name} cannot resolve ${shown || "names"}${sick.length > 0 ? `, and ${sick.length} of the cluster's DNS pods are not ready` : ""}.`,
      evidence: [
        ...lineEvidence(patient, part, telling),
        ...sick.slice(0, 2).map(resolverEvidence),
      ],
      since: part.failure?.finishedAt ? new Date(part.failure.finishedAt) : undefined,
      remedy:
        "Check the cluster's DNS pods and Service in kube-system, and whether a network policy denies port 53.",
      ...(sick.length > 0 ? resolversCall : getCall(patient, "networkpolicies")),
    },
  ];
}

const resolversCall = {
  next: {
    tool: "kubectl_get",
    args: { resource_type: "pods", namespace: "kube-system", label_selector: "k8s-app=kube-dns" },
  },
} as const;

interface Resolver {
  readonly name: string;
  readonly status: string;
}

function sickResolvers({ snapshot }: Patient): readonly Resolver[] {
  return (snapshot.dns ?? []).flatMap((object) => resolverOf(object, snapshot.now));
}

function resolverOf(object: KubeObject, now: Date): readonly Resolver[] {
  const pod = readPod(object);
  const state = podState(pod, now);
  if (state.health === "well") return [];
  const name = `Pod ${state.namespace}/${state.name}`;
  return [{ name, status: `${state.status}, ${state.ready} ready` }];
}

function resolverEvidence({ name, status }: Resolver) {
  return { object: name, field: "status", value: status };
}

const addressSchema = z.object({ spec: z.object({ clusterIP: z.string() }) });

/** The Service of the pod's namespace that a line names, by its name or its address. Its own is not meant. */
export function namedService({ snapshot, pod, scope }: Patient, line: string): string | undefined {
  const words = new Set(line.split(/[^\w.-]+/).flatMap((word) => [word, word.split(".")[0] ?? ""]));
  const own = new Set(scope.of("services").map(({ metadata }) => metadata.name));
  return snapshot
    .of("services")
    .filter(({ metadata }) => metadata.namespace === pod.metadata.namespace)
    .filter(({ metadata }) => !own.has(metadata.name))
    .find((service) => {
      const address = addressSchema.safeParse(service).data?.spec.clusterIP ?? "None";
      return words.has(service.metadata.name) || words.has(address);
    })?.metadata.name;
}

/** A name that a Service of this namespace would have, and none has: DNS is right to know nothing of it. */
export function isUnknownService(host: string, { snapshot, pod }: Patient): boolean {
  if (snapshot.unread.includes("services")) return false;
  const [service = "", namespace, word] = host.replace(/\.$/, "").split(".");
  const { namespace: own } = pod.metadata;
  const local =
    namespace === undefined || (namespace === own && (word === undefined || word === "svc"));
  return (
    local &&
    !snapshot
      .of("services")
      .some(({ metadata }) => metadata.name === service && metadata.namespace === own)
  );
}
