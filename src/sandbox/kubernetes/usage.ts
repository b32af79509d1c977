import type { KubeObject } from "#domain/kubernetes/object.ts";
import { bytes, cpuCores } from "#domain/kubernetes/quantity.ts";
import { MINUTE } from "#domain/window.ts";
import { nodeNames, type Pod, runsBy } from "#sandbox/cluster/pods.ts";
import { between } from "#sandbox/noise.ts";
import type { Stage } from "#sandbox/scenario.ts";
import type { At } from "./at.ts";
import { metadata, time, version } from "./metadata.ts";

const MI = 2 ** 20;
/** What a node's own processes use. */
const SYSTEM = { millicores: 180, mi: 900 };
/** What they use on a node that runs short of memory: nearly all of its 15 GiB. */
const SICK_MI = 14_000;
/** Shares of its requests that a container uses while nothing is said of it. */
const CPU_SHARE = [0.25, 0.6] as const;
const MEMORY_SHARE = [0.55, 0.75] as const;

interface Used {
  readonly millicores: number;
  readonly mi: number;
}

/** PodMetrics of the pods that run, measured once a minute as metrics-server does. */
export function podMetrics(stage: Stage, at: At): readonly KubeObject[] {
  const measured = measuredAt(at);
  return podsOf(stage, at).flatMap((pod) => {
    const used = usedBy(pod, measured, at.seed);
    if (used === undefined) return [];
    const { namespace, name } = pod.app;
    const containers = [{ name, usage: usageOf(used) }];
    return [metricsObject("PodMetrics", { name: pod.name, namespace }, { containers }, measured)];
  });
}

/** NodeMetrics: what the pods of each node use, and the node itself. */
export function nodeMetrics(stage: Stage, at: At): readonly KubeObject[] {
  const measured = measuredAt(at);
  const pods = podsOf(stage, at);
  return nodeNames.map((name) => {
    const own = pods.filter(({ node }) => node === name);
    const itself = isSick(name, stage, measured) ? { ...SYSTEM, mi: SICK_MI } : SYSTEM;
    const used = own.flatMap((pod) => usedBy(pod, measured, at.seed) ?? []).reduce(plus, itself);
    return metricsObject("NodeMetrics", { name }, { usage: usageOf(used) }, measured);
  });
}

function isSick(node: string, { apps }: Stage, now: number): boolean {
  return apps.some(({ sickNode }) => sickNode?.name === node && sickNode.since <= now);
}

function measuredAt({ now }: At): number {
  return now - (now % MINUTE);
}

function podsOf({ apps }: Stage, at: At): readonly Pod[] {
  return apps.flatMap((app) => at.history(app).pods(at.now));
}

/** Undefined while its container does not run. */
function usedBy(pod: Pod, measured: number, seed: number): Used | undefined {
  const run = runsBy(pod, measured).at(-1);
  if (run === undefined || run.endedAt <= measured) return undefined;
  const { app, source } = pod;
  const { requests } = source.values.resources;
  const begun = { pod: pod.name, revision: source, index: run.index, startedAt: run.startedAt };
  const cores = cpuCores(requests.cpu) ?? 0;
  const usual =
    ((bytes(requests.memory) ?? 0) / MI) * between(...MEMORY_SHARE, seed, pod.name, "mi");
  return {
    millicores: 1_000 * cores * between(...CPU_SHARE, seed, pod.name, "cpu", measured),
    mi: app.memoryMi?.(begun, measured - run.startedAt) ?? usual,
  };
}

function plus(a: Used, b: Used): Used {
  return { millicores: a.millicores + b.millicores, mi: a.mi + b.mi };
}

function usageOf({ millicores, mi }: Used) {
  return { cpu: `${Math.round(millicores)}m`, memory: `${Math.round(mi * 1_024)}Ki` };
}

function metricsObject(
  kind: string,
  of: { readonly name: string; readonly namespace?: string },
  body: Readonly<Record<string, unknown>>,
  measured: number,
): KubeObject {
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind,
    metadata: metadata({ ...of, uid: "", version: version(measured), createdAt: measured }),
    timestamp: time(measured),
    window: "15s",
    ...body,
  };
}
