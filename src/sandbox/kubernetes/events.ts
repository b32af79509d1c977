import type { KubeObject } from "#domain/kubernetes/object.ts";
import { HOUR, MINUTE } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { Pod } from "#sandbox/cluster/pods.ts";
import { isPlaced, runsBy, START_MS } from "#sandbox/cluster/pods.ts";
import { hex } from "#sandbox/noise.ts";
import { deploymentOwner, replicaSetOwner } from "./app-objects.ts";
import type { At } from "./at.ts";
import { claimOwner, isProvided } from "./extra-objects.ts";
import { metadata, type Owner, time, uidOf, version } from "./metadata.ts";
import { imageOf, lowMemory, missingKey, noNode, overQuota } from "./trouble-status.ts";

/** The API server forgets events after an hour. */
const KEPT_MS = HOUR;

interface Happening {
  readonly about: Owner;
  readonly reason: string;
  readonly message: string;
  readonly type: "Normal" | "Warning";
  readonly component: string;
  readonly host?: string;
  /** Each time it happened, in order; the API keeps one event with a count. */
  readonly times: readonly number[];
}

/** Events of an app's deployment, ReplicaSets and pods in the last hour: what the pods went through. */
export function appEvents(app: App, at: At): readonly KubeObject[] {
  const { course } = at.history(app);
  const happenings = [
    ...course.pods
      .filter((pod) => pod.trouble?.kind !== "quota")
      .flatMap((pod) => podHappenings(pod, at)),
    ...course.pods.flatMap((pod) => controllerHappenings(pod, at)),
    ...claimTrouble(app, at),
    ...scalings(app, at),
  ];
  return happenings.flatMap((happening) => eventObject(happening, app.namespace, at));
}

function podHappenings(pod: Pod, at: At): readonly Happening[] {
  const { app } = pod;
  const runs = runsBy(pod, Math.min(at.now, pod.goneAt));
  const image = imageOf(pod);
  const about = podOwner(pod);
  const kubelet = { about, component: "kubelet", host: pod.node };
  const started = runs.map((run) => run.startedAt);
  const normal = (reason: string, message: string, times: readonly number[]): Happening => ({
    ...kubelet,
    reason,
    message,
    times,
    type: "Normal",
  });
  return [
    ...(isPlaced(pod) ? [] : [unscheduled(pod, at)]),
    {
      ...normal("Scheduled", `Successfully assigned ${app.namespace}/${pod.name} to ${pod.node}`, [
        isPlaced(pod) ? pod.createdAt : Number.POSITIVE_INFINITY,
      ]),
      component: "default-scheduler",
    },
    normal("Pulled", `Container image "${image}" already present on machine`, started),
    normal("Created", `Created container: ${app.name}`, started),
    normal("Started", `Started container ${app.name}`, started),
    normal("Killing", `Stopping container ${app.name}`, [pod.goneAt]),
    { ...kubelet, ...backOff(pod, at) },
    ...troubles(pod, at),
  ];
}

function podOwner(pod: Pod): Owner {
  return { apiVersion: "v1", kind: "Pod", name: pod.name, uid: pod.uid };
}

/** One for each end of a run that the kubelet met with a wait. */
function backOff(pod: Pod, at: At): Pick<Happening, "reason" | "message" | "type" | "times"> {
  const ends = runsBy(pod, Math.min(at.now, pod.goneAt))
    .filter((run) => run.endedAt < pod.goneAt)
    .map((run) => run.endedAt);
  const message =
    `Back-off restarting failed container ${pod.app.name} in pod ` +
    `${pod.name}_${pod.app.namespace}(${pod.uid})`;
  return { reason: "BackOff", message, type: "Warning", times: ends };
}

/** Every minute from the first try until what was in the way is gone. */
function triesOf(pod: Pod, first: number, at: At): readonly number[] {
  const until = Math.min(at.now, pod.goneAt, pod.clearAt);
  const length = Math.max(0, Math.ceil((until - first) / MINUTE));
  return Array.from({ length }, (_, i) => first + i * MINUTE);
}

/** What the kubelet says of what is in the container's way. */
function troubles(pod: Pod, at: At): readonly Happening[] {
  const { trouble, app } = pod;
  const kubelet = { about: podOwner(pod), component: "kubelet", host: pod.node };
  const often = (type: Happening["type"], reason: string, message: string, from = START_MS) => ({
    ...kubelet,
    type,
    reason,
    message,
    times: triesOf(pod, pod.createdAt + from, at),
  });
  const image = imageOf(pod);
  if (pod.evicted) {
    return [{ ...often("Warning", "Evicted", lowMemory(pod)), times: [pod.goneAt] }];
  }
  switch (trouble?.kind) {
    case "image":
      return [
        often("Warning", "Failed", `Failed to pull image "${image}": not found`),
        often("Normal", "BackOff", `Back-off pulling image "${image}"`),
      ];
    case "key":
      return [often("Warning", "Failed", `Error: ${missingKey(pod, trouble.key)}`)];
    case "probe": {
      const message = "Readiness probe failed: HTTP probe failed with statuscode: 404";
      return [often("Warning", "Unhealthy", message, START_MS + app.startupMs)];
    }
    default:
      return [];
  }
}

/** The volume controller's word, each minute, for a claim that nobody can provide for. */
function claimTrouble(app: App, at: At): readonly Happening[] {
  const { source, at: since } = at.history(app).generation(at.now) ?? {};
  const claim = source?.values.claim;
  if (since === undefined || claim === undefined || isProvided(claim)) return [];
  const length = Math.ceil((at.now - since) / MINUTE);
  return [
    {
      about: claimOwner(app, claim.name, at.seed),
      component: "persistentvolume-controller",
      type: "Warning",
      reason: "ProvisioningFailed",
      message: `storageclass.storage.k8s.io "${claim.storageClass}" not found`,
      times: Array.from({ length }, (_, i) => since + i * MINUTE),
    },
  ];
}

function unscheduled(pod: Pod, at: At): Happening {
  return {
    about: podOwner(pod),
    component: "default-scheduler",
    type: "Warning",
    reason: "FailedScheduling",
    message: noNode(pod),
    times: triesOf(pod, pod.createdAt, at),
  };
}

function controllerHappenings(pod: Pod, at: At): readonly Happening[] {
  const about = replicaSetOwner(pod.app, pod.hash, at.seed);
  const by = { about, component: "replicaset-controller", type: "Normal" } as const;
  if (pod.trouble?.kind === "quota") {
    const message = `Error creating: ${overQuota(pod)}`;
    const times = triesOf(pod, pod.createdAt, at);
    return [{ ...by, type: "Warning", reason: "FailedCreate", message, times }];
  }
  return [
    {
      ...by,
      reason: "SuccessfulCreate",
      message: `Created pod: ${pod.name}`,
      times: [pod.createdAt],
    },
    {
      ...by,
      reason: "SuccessfulDelete",
      message: `Deleted pod: ${pod.name}`,
      times: pod.evicted ? [] : [pod.goneAt],
    },
  ];
}

/** The deployment controller's word for each pod that it had a ReplicaSet gain or lose. */
function scalings(app: App, at: At): readonly Happening[] {
  const { course } = at.history(app);
  const about = deploymentOwner(app, at.seed);
  const moments = course.pods.flatMap((pod) => [
    { at: pod.createdAt, hash: pod.hash, step: 1 },
    { at: pod.goneAt, hash: pod.hash, step: -1 },
  ]);
  const past = moments.filter((one) => one.at <= at.now).toSorted((a, b) => a.at - b.at);
  const sizes = new Map<string, number>();
  return past.map(({ at: when, hash, step }) => {
    const from = sizes.get(hash) ?? 0;
    sizes.set(hash, from + step);
    const verb = step > 0 ? "up" : "down";
    const message = `Scaled ${verb} replica set ${app.name}-${hash} from ${from} to ${from + step}`;
    const component = "deployment-controller";
    return {
      about,
      reason: "ScalingReplicaSet",
      message,
      type: "Normal",
      component,
      times: [when],
    };
  });
}

function eventObject(happening: Happening, namespace: string, at: At): readonly KubeObject[] {
  const times = happening.times.filter((when) => when <= at.now);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || last < at.now - KEPT_MS) return [];
  const { about, reason, message, type, component, host } = happening;
  const name = `${about.name}.${hex(16, at.seed, about.uid, reason, message)}`;
  return [
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: metadata({
        name,
        namespace,
        uid: uidOf(at.seed, "Event", namespace, name),
        version: version(last, times.length),
        createdAt: first,
      }),
      involvedObject: { ...about, namespace },
      reason,
      message,
      type,
      source: { component, ...(host === undefined ? {} : { host }) },
      reportingComponent: component,
      reportingInstance: host ?? "",
      firstTimestamp: time(first),
      lastTimestamp: time(last),
      eventTime: null,
      count: times.length,
    },
  ];
}
