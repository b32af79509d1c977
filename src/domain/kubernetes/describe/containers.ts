import type { ContainerStatus, Pod } from "#domain/kubernetes/pod.ts";
import { age } from "#domain/kubernetes/pods.ts";
import { probeText } from "#domain/kubernetes/probe.ts";
import { bytes, bytesText, cpuCores, cpuText } from "#domain/kubernetes/quantity.ts";
import type { Container, PodSpec } from "#domain/kubernetes/template.ts";
import { type Amounts, percentOf, type Usage } from "#domain/kubernetes/usage.ts";
import { exitText } from "./exit-codes.ts";

/** One container as a person wants it. Of a template there is no state. */
export interface ContainerFact {
  readonly name: string;
  readonly role: "container" | "init" | "sidecar";
  readonly image: string;
  readonly state: string;
  readonly last_state: string;
  readonly restarts: number;
  readonly resources: string;
  readonly probes: string;
  /** Why it waits, in the kubelet's words; untrusted text. */
  readonly message: string;
}

/** Containers of a pod, with what they use when that is known. */
export function podContainers(
  pod: Pod,
  usage: Usage | undefined,
  now: Date,
): readonly ContainerFact[] {
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses];
  const facts = templateContainers(pod.spec);
  return facts.map((fact) => {
    const status = statuses.find(({ name }) => name === fact.name);
    const used = usage?.containers.get(fact.name);
    const { resources } = partOf(pod.spec, fact.name) ?? {};
    return {
      ...fact,
      ...(status ? stateOf(status, now) : { state: "not created yet" }),
      ...(used && resources ? { resources: usedText(used, resources) } : {}),
    };
  });
}

/** Containers of a pod's specification or of a template. */
export function templateContainers(spec: PodSpec): readonly ContainerFact[] {
  const init = spec.initContainers.map((part) => factOf(part, roleOf(part)));
  return [...init, ...spec.containers.map((part) => factOf(part, "container"))];
}

function partOf({ initContainers, containers }: PodSpec, name: string): Container | undefined {
  return [...initContainers, ...containers].find((part) => part.name === name);
}

function roleOf({ restartPolicy }: Container): ContainerFact["role"] {
  return restartPolicy === "Always" ? "sidecar" : "init";
}

function factOf(part: Container, role: ContainerFact["role"]): ContainerFact {
  return {
    name: part.name,
    role,
    image: part.image,
    state: "",
    last_state: "",
    restarts: 0,
    resources: boundsText(part.resources),
    probes: probesText(part),
    message: "",
  };
}

function stateOf({ state, lastState, restartCount, ready }: ContainerStatus, now: Date) {
  const ended = lastState.terminated;
  return {
    state: stateText(state, ready, now),
    last_state: ended ? exitText(ended, now) : "",
    restarts: restartCount,
    message: state.waiting?.message || state.terminated?.message || ended?.message || "",
  };
}

function stateText(state: ContainerStatus["state"], ready: boolean, now: Date): string {
  if (state.waiting) return `waiting: ${state.waiting.reason || "no reason given"}`;
  if (state.terminated) return `ended: ${exitText(state.terminated, now)}`;
  const time = age(state.running?.startedAt, now);
  return `running${time === "" ? "" : ` for ${time}`}${ready ? "" : ", not ready"}`;
}

/** `readiness and liveness GET /ready on port 8080 …`: those that ask the same stand together. */
function probesText({ startupProbe, readinessProbe, livenessProbe }: Container): string {
  const probes = { startup: startupProbe, readiness: readinessProbe, liveness: livenessProbe };
  const texts = Object.entries(probes).flatMap(([name, probe]) =>
    probe ? [{ name, text: probeText(probe) }] : [],
  );
  return [...Map.groupBy(texts, ({ text }) => text)]
    .map(([text, same]) => `${same.map(({ name }) => name).join(" and ")} ${text}`)
    .join("; ");
}

type Resources = Container["resources"];

/** `cpu 250m requested, no limit; memory 256Mi requested, limit 512Mi`. */
function boundsText(resources: Resources): string {
  return ["cpu", "memory"].map((name) => `${name} ${boundText(name, resources)}`).join("; ");
}

function boundText(name: string, { requests, limits }: Resources): string {
  const request = requests[name] ?? limits[name];
  const limit = limits[name];
  const asked = request === undefined ? "not requested" : `${request} requested`;
  return `${asked}, ${limit === undefined ? "no limit" : `limit ${limit}`}`;
}

/** `cpu 100m used, 250m requested, no limit; memory 480Mi used (94% of limit), 256Mi requested, limit 512Mi`. */
function usedText({ cpu, memory }: Amounts, resources: Resources): string {
  const { limits } = resources;
  const parts = [
    ["cpu", cpuText(cpu), percentOf(cpu, cpuCores(limits.cpu))],
    ["memory", bytesText(memory), percentOf(memory, bytes(limits.memory))],
  ] as const;
  return parts
    .map(([name, used, percent]) => {
      const part = percent === undefined ? "" : ` (${percent}% of limit)`;
      return `${name} ${used} used${part}, ${boundText(name, resources)}`;
    })
    .join("; ");
}

/** The first of them, those in trouble before all others when there is no room for all. */
export function foremost(facts: readonly ContainerFact[], most: number): readonly ContainerFact[] {
  if (facts.length <= most) return facts;
  const urgency = ({ state, restarts }: ContainerFact) =>
    Number(!state.startsWith("running") || restarts > 0);
  return facts.toSorted((a, b) => urgency(b) - urgency(a)).slice(0, most);
}
