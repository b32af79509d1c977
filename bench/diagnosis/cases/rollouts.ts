import type { CaseMaker, Told } from "../case.ts";
import { budget } from "../world/budgets.ts";
import { unready } from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Manifest } from "../world/manifest.ts";
import { node } from "../world/nodes.ts";
import { ago, type Place, type Scene } from "../world/scene.ts";
import { statefulSet } from "../world/sets.ts";
import { deployment } from "../world/workloads.ts";

const asked = (scene: Scene) => ({ type: "deployment", name: scene.app }) as const;

/** The new pods never became ready; what they said has been forgotten, for events live an hour (kube-apiserver --event-ttl). */
function pastDeadline(scene: Scene): Told {
  const minutes = scene.random.int(100, 900);
  const app = deployment(scene, {
    oldPods: scene.random.int(2, 4),
    rolledOutMinutes: minutes,
    container: { readinessProbe: { exec: { command: ["/app/ready"] }, periodSeconds: 10 } },
    pods: [{ states: [unready(scene, minutes - 0.5)] }],
  });
  return { subject: asked(scene), objects: app.objects };
}

/** kube-controller-manager, deployment/util: DeploymentPaused while a template waits to be rolled out. */
function paused(scene: Scene): Told {
  const minutes = scene.random.int(30, 3_000);
  const at = { lastTransitionTime: ago(scene, minutes), lastUpdateTime: ago(scene, minutes) };
  const app = deployment(scene, {
    replicas: 3,
    oldPods: scene.random.pick([2, 3]),
    rolledOutMinutes: minutes,
    pods: [{}],
    spec: { paused: true },
    conditions: [
      {
        type: "Progressing",
        status: "Unknown",
        reason: "DeploymentPaused",
        message: "Deployment is paused",
        ...at,
      },
    ],
  });
  return { subject: asked(scene), objects: app.objects };
}

/** Pods of an OnDelete set are replaced when somebody evicts them, and the budget lets nobody. */
function rolloutBudget(scene: Scene): Told {
  const replicas = scene.random.int(2, 3);
  const app = statefulSet(scene, {
    replicas,
    spec: { updateStrategy: { type: "OnDelete" } },
    status: {
      currentReplicas: replicas,
      updatedReplicas: 0,
      currentRevision: `${scene.app}-5c9d7f6b84`,
      updateRevision: `${scene.app}-7b6f9d8c55`,
    },
  });
  const blocked = budget(scene, {
    minAvailable: replicas,
    expected: replicas,
    healthy: replicas,
    desired: replicas,
  });
  return {
    subject: { type: "statefulset", name: scene.app },
    objects: [...app.objects, blocked, ...refusedEvictions(scene, app.pods.slice(0, 1))],
  };
}

/** The Eviction API's answer (registry/core/pod/storage/eviction.go), as an operator reports it. */
function refusedEvictions(scene: Scene, pods: readonly Manifest[]): readonly Manifest[] {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  const times = { component: "rollout-operator", count: 22, first: 50, last: 1 };
  return pods.map((pod) => event(scene, pod, "EvictionBlocked", message, times));
}

/** A drain that does not end: the node is cordoned, the pod stays. */
function blockedDrain(scene: Scene): Told {
  const place = scene.random.pick(scene.nodes);
  const replicas = scene.random.int(1, 3);
  const app = deployment(scene, {
    pods: Array.from({ length: replicas }, (_, index) => (index === 0 ? { node: place } : {})),
  });
  const minAvailable = scene.random.pick([replicas, "100%"]);
  const blocked = budget(scene, {
    minAvailable,
    expected: replicas,
    healthy: replicas,
    desired: replicas,
  });
  const cordoned = drained(scene, place);
  const message = `Cannot disrupt Node: state node has a pod that blocks eviction: pdb prevents pod evictions (PodDisruptionBudget=[${scene.namespace}/${scene.app}])`;
  const times = { type: "Normal", component: "karpenter", count: 9, first: 40, last: 2 } as const;
  return {
    subject: asked(scene),
    nodes: [cordoned],
    objects: [
      ...app.objects,
      blocked,
      ...(scene.random.chance(0.5)
        ? [event(scene, cordoned, "DisruptionBlocked", message, times)]
        : refusedEvictions(scene, app.pods.slice(0, 1))),
    ],
  };
}

/** kubectl cordon; the node controller adds the taint (component-helpers, TaintNodesByCondition). */
export function drained(scene: Scene, place: Place): Manifest {
  const taints = [
    {
      key: "node.kubernetes.io/unschedulable",
      effect: "NoSchedule",
      timeAdded: ago(scene, scene.random.int(20, 90)),
    },
  ];
  return node(scene, place, { unschedulable: true, taints });
}

export const rollouts: readonly CaseMaker[] = [
  { cause: "rollout_deadline", make: pastDeadline },
  { cause: "rollout_paused", make: paused },
  { cause: "rollout_pdb", make: rolloutBudget },
  { cause: "pdb_blocks", make: blockedDrain },
];
