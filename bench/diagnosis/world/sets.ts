import type { Fields, Manifest, MoreMetadata } from "./manifest.ts";
import { isReady, type PodMaker, pod } from "./pods.ts";
import { ago, object, type Scene } from "./scene.ts";
import { type App, type AppParts, templateOf, written } from "./templates.ts";
import { aged, counts } from "./workloads.ts";

/** A StatefulSet with its pods, numbered from 0. */
export function statefulSet(scene: Scene, parts: AppParts = {}): App {
  const makers = makersOf(parts);
  const replicas = parts.replicas ?? makers.length;
  const template = templateOf(scene, parts);
  const bare = workload(scene, "StatefulSet", parts);
  const minutes = parts.rolledOutMinutes ?? scene.random.int(400, 4_000);
  const pods = makers.map((how, index) => {
    const name = `${scene.app}-${index}`;
    const labels = { ...template.labels, "statefulset.kubernetes.io/pod-name": name };
    return pod(scene, name, { ...template, labels }, bare, aged(how, minutes));
  });
  const revision = `${scene.app}-${scene.random.suffix(10)}`;
  const spec = {
    replicas,
    serviceName: scene.app,
    podManagementPolicy: "OrderedReady",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    selector: { matchLabels: { app: scene.app } },
    template: written(template),
    ...parts.spec,
  };
  const status = {
    observedGeneration: 1,
    ...counts(pods),
    currentReplicas: pods.length,
    updatedReplicas: pods.length,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
    ...parts.status,
  };
  return whole(bare, pods, spec, status);
}

/** A DaemonSet with one pod on each node. */
export function daemonSet(scene: Scene, parts: AppParts = {}): App {
  const makers = parts.pods ?? scene.nodes.map((node) => ({ node }));
  const template = templateOf(scene, parts);
  const bare = workload(scene, "DaemonSet", parts);
  const minutes = parts.rolledOutMinutes ?? scene.random.int(400, 4_000);
  const pods = makers.map((how) =>
    pod(scene, `${scene.app}-${scene.random.suffix(5)}`, template, bare, aged(how, minutes)),
  );
  const ready = pods.filter(isReady).length;
  const wanted = parts.replicas ?? scene.nodes.length;
  const spec = { selector: { matchLabels: { app: scene.app } }, template: written(template) };
  const status = {
    observedGeneration: 1,
    desiredNumberScheduled: wanted,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: wanted - ready,
    ...parts.status,
  };
  return whole(bare, pods, { ...spec, ...parts.spec }, status);
}

/** A Job with its pods. Its status is the case's to give. */
export function job(scene: Scene, parts: AppParts & { readonly name?: string } = {}): App {
  const name = parts.name ?? scene.app;
  const bare = object(
    scene,
    ["batch/v1", "Job", name],
    {},
    { ageMinutes: parts.rolledOutMinutes ?? 60, generation: 1, ...parts.metadata },
  );
  const labels = {
    "batch.kubernetes.io/controller-uid": bare.metadata.uid,
    "batch.kubernetes.io/job-name": name,
    "job-name": name,
  };
  const plain = templateOf(scene, {
    ...parts,
    container: { readinessProbe: undefined, ports: undefined, ...parts.container },
    podSpec: { restartPolicy: "Never", ...parts.podSpec },
  });
  const template = { ...plain, labels };
  const pods = makersOf({ pods: [], ...parts }).map((how) =>
    pod(scene, `${name}-${scene.random.suffix(5)}`, template, bare, how),
  );
  const spec = {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    selector: { matchLabels: { "batch.kubernetes.io/controller-uid": bare.metadata.uid } },
    template: written(template),
    ...parts.spec,
  };
  return whole(bare, pods, spec, parts.status ?? {});
}

/** A Job that did its work. */
export function completedJob(
  scene: Scene,
  name: string,
  endedMinutes: number,
  metadata: MoreMetadata = {},
): App {
  const since = ago(scene, endedMinutes);
  const condition = (type: string, reason: string) => ({
    type,
    status: "True",
    reason,
    message: "Reached expected number of succeeded pods",
    lastProbeTime: since,
    lastTransitionTime: since,
  });
  const startedAt = ago(scene, endedMinutes + 1);
  const state = {
    terminated: { exitCode: 0, reason: "Completed", startedAt, finishedAt: since },
  };
  const done = { ready: false, started: false, restartCount: 0, state };
  return job(scene, {
    name,
    metadata,
    rolledOutMinutes: endedMinutes + 2,
    pods: [{ phase: "Succeeded", ageMinutes: endedMinutes + 1, states: [done] }],
    status: {
      startTime: ago(scene, endedMinutes + 2),
      completionTime: since,
      succeeded: 1,
      conditions: [
        condition("SuccessCriteriaMet", "CompletionsReached"),
        condition("Complete", "CompletionsReached"),
      ],
    },
  });
}

function makersOf(parts: AppParts): readonly PodMaker[] {
  return parts.pods ?? Array.from({ length: parts.replicas ?? 3 }, () => ({}));
}

function workload(scene: Scene, kind: string, { metadata }: AppParts): Manifest {
  const more = { generation: 1, labels: { app: scene.app }, ...metadata };
  return object(scene, ["apps/v1", kind, scene.app], {}, more);
}

function whole(bare: Manifest, pods: readonly Manifest[], spec: Fields, status: Fields): App {
  const owner = { ...bare, spec, status };
  return { owner, maker: owner, pods, objects: [owner, ...pods] };
}

/** A CronJob that makes Jobs of the app's image. */
export function cronJob(scene: Scene, name: string, spec: Fields, status: Fields): Manifest {
  const containers = [{ name: "app", image: scene.image }];
  const template = { spec: { restartPolicy: "Never", containers } };
  return object(
    scene,
    ["batch/v1", "CronJob", name],
    {
      spec: {
        schedule: "*/15 * * * *",
        concurrencyPolicy: "Allow",
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: { template } },
        ...spec,
      },
      status,
    },
    { generation: 1 },
  );
}
