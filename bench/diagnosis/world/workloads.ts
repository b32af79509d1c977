import { type Fields, type Manifest, ownedBy } from "./manifest.ts";
import { isReady, merged, type PodMaker, pod, type Template } from "./pods.ts";
import { ago, object, type Scene } from "./scene.ts";
import { type App, type AppParts, templateOf, written } from "./templates.ts";

/** A Deployment with its ReplicaSets and pods; its status says what its pods are. */
export function deployment(scene: Scene, parts: AppParts = {}): App {
  const { random } = scene;
  const minutes = parts.rolledOutMinutes ?? random.int(400, 4_000);
  const makers = parts.pods ?? Array.from({ length: parts.replicas ?? 2 }, () => ({}));
  const revision = random.int(3, 30);
  const template = templateOf(scene, parts);
  const bare = bareDeployment(scene, revision, parts);
  const newest = generation(scene, bare, { revision, template, makers, minutes });
  const older = { revision: revision - 1, template: before(scene), minutes: minutes + 4_000 };
  const old = generation(scene, bare, {
    ...older,
    makers: Array.from({ length: parts.oldPods ?? 0 }, () => ({ ageMinutes: older.minutes })),
  });
  const replicas = parts.replicas ?? makers.length;
  const status = statusOf(scene, { newest, old, replicas, minutes, revision }, parts);
  const owner = { ...bare, spec: specOf(scene, replicas, template, parts), status };
  const { set, pods } = newest;
  return { owner, maker: set, pods, objects: [owner, set, ...pods, old.set, ...old.pods] };
}

function bareDeployment(scene: Scene, revision: number, { metadata }: AppParts): Manifest {
  const annotations = { "deployment.kubernetes.io/revision": String(revision) };
  return object(
    scene,
    ["apps/v1", "Deployment", scene.app],
    {},
    {
      generation: revision + 2,
      labels: { app: scene.app },
      ...metadata,
      annotations: { ...annotations, ...metadata?.annotations },
    },
  );
}

/** The template as it was an image ago, when all was well. */
function before(scene: Scene): Template {
  return templateOf({ ...scene, image: scene.image.replace(/[^:]*$/, "1.0.0") }, {});
}

function specOf(scene: Scene, replicas: number, template: Template, { spec }: AppParts): Fields {
  return {
    replicas,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: { app: scene.app } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    template: written(template),
    ...spec,
  };
}

interface GenerationParts {
  readonly revision: number;
  readonly template: Template;
  readonly makers: readonly PodMaker[];
  readonly minutes: number;
}

interface Generation {
  readonly set: Manifest;
  readonly pods: readonly Manifest[];
}

/** A ReplicaSet with its pods. */
function generation(scene: Scene, owner: Manifest, parts: GenerationParts): Generation {
  const { revision, makers, minutes } = parts;
  const labels = { ...parts.template.labels, "pod-template-hash": scene.random.suffix(10) };
  const template = { ...parts.template, labels };
  const spec = { replicas: makers.length, selector: { matchLabels: labels } };
  const set = object(
    scene,
    ["apps/v1", "ReplicaSet", `${scene.app}-${labels["pod-template-hash"]}`],
    { spec: { ...spec, template: written(template) } },
    {
      ageMinutes: minutes,
      labels,
      generation: 1,
      ownerReferences: ownedBy(owner),
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
    },
  );
  const pods = makers.map((how) => {
    const name = `${set.metadata.name}-${scene.random.suffix(5)}`;
    return pod(scene, name, template, set, aged(how, minutes));
  });
  return { set: { ...set, status: setStatus(pods) }, pods };
}

export function aged(how: PodMaker, ageMinutes: number): PodMaker {
  if (typeof how !== "function") return { ageMinutes, ...how };
  return (name) => ({ ageMinutes, ...how(name) });
}

export function counts(pods: readonly Manifest[]) {
  const ready = pods.filter(isReady).length;
  return { replicas: pods.length, readyReplicas: ready, availableReplicas: ready };
}

function setStatus(pods: readonly Manifest[]): Fields {
  return { ...counts(pods), fullyLabeledReplicas: pods.length, observedGeneration: 1 };
}

interface Rollout {
  readonly newest: Generation;
  readonly old: Generation;
  readonly replicas: number;
  readonly minutes: number;
  readonly revision: number;
}

function statusOf(scene: Scene, rollout: Rollout, parts: AppParts): Fields {
  const { newest, old, replicas, revision } = rollout;
  const counted = counts([...newest.pods, ...old.pods]);
  const rolling = parts.rolling ?? old.pods.length > 0;
  return {
    observedGeneration: revision + 2,
    ...counted,
    updatedReplicas: newest.pods.length,
    unavailableReplicas: Math.max(0, replicas - counted.readyReplicas),
    conditions: merged(conditions(scene, rollout, rolling), parts.conditions ?? []),
    ...parts.status,
  };
}

/** kube-controller-manager, deployment/util/deployment_util.go and deployment/progress.go. */
function conditions(scene: Scene, rollout: Rollout, rolling: boolean): readonly Fields[] {
  const { newest, old, replicas, minutes } = rollout;
  const since = ago(scene, minutes);
  const at = { lastTransitionTime: since, lastUpdateTime: since };
  const ready = counts([...newest.pods, ...old.pods]).availableReplicas;
  const enough = ready >= replicas - Math.floor(replicas / 4);
  const [status, reason, message] = progress(newest.set.metadata.name, rolling, minutes);
  return [
    {
      type: "Available",
      status: enough ? "True" : "False",
      reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: `Deployment ${enough ? "has" : "does not have"} minimum availability.`,
      ...at,
    },
    { type: "Progressing", status, reason, message, ...at },
  ];
}

function progress(set: string, rolling: boolean, minutes: number) {
  if (!rolling) {
    return ["True", "NewReplicaSetAvailable", `ReplicaSet "${set}" has successfully progressed.`];
  }
  if (minutes < 10) return ["True", "ReplicaSetUpdated", `ReplicaSet "${set}" is progressing.`];
  return ["False", "ProgressDeadlineExceeded", `ReplicaSet "${set}" has timed out progressing.`];
}
