import type { CaseMaker, Told } from "../case.ts";
import { event } from "../world/events.ts";
import type { Fields, Manifest } from "../world/manifest.ts";
import { node } from "../world/nodes.ts";
import { ago, type Scene } from "../world/scene.ts";
import { container } from "../world/templates.ts";
import { boundStatus, claim, claimed, volumeOf } from "../world/volumes.ts";
import { deployment } from "../world/workloads.ts";
import { gated } from "./gates.ts";

interface Unscheduled {
  /** Reasons with the number of nodes, as the scheduler counts them. */
  readonly reasons: readonly string[];
  /** In place of `0/N nodes are available: …`. */
  readonly message?: string;
  readonly container?: Fields;
  readonly podSpec?: Fields;
  readonly nodes?: readonly Manifest[];
  readonly others?: readonly Manifest[];
}

/**
 * kube-scheduler, framework/types.go FitError: `0/%v nodes are available: ` with the reasons counted and sorted, then
 * what preemption found (plugins/defaultpreemption, framework/preemption/preemption.go).
 */
function unscheduled(scene: Scene, how: Unscheduled): Told {
  const count = scene.nodes.length;
  const helpless = how.reasons.some(
    (reason) => reason.includes("Insufficient") || reason.includes("Too many"),
  )
    ? "No preemption victims found for incoming pod"
    : "Preemption is not helpful for scheduling";
  const message =
    how.message ??
    `0/${count} nodes are available: ${how.reasons.toSorted().join(", ")}. preemption: 0/${count} nodes are available: ${count} ${helpless}.`;
  const minutes = scene.random.int(5, 200);
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime: ago(scene, minutes),
  };
  const app = deployment(scene, {
    oldPods: scene.random.pick([0, 2]),
    rolling: true,
    rolledOutMinutes: minutes,
    ...(how.container ? { container: how.container } : {}),
    ...(how.podSpec ? { podSpec: how.podSpec } : {}),
    pods: Array.from({ length: scene.random.int(1, 3) }, () => ({
      node: null,
      conditions: [condition],
    })),
  });
  const times = {
    component: "default-scheduler",
    count: 1 + Math.floor(minutes / 5),
    first: minutes,
    last: 1,
    series: scene.random.chance(0.5),
  };
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [
      ...app.objects,
      ...app.pods.map((pod) => event(scene, pod, "FailedScheduling", message, times)),
      ...(how.others ?? []),
    ],
    ...(how.nodes ? { nodes: how.nodes } : {}),
  };
}

/** plugins/noderesources/fit.go: `Insufficient %v`. */
function insufficient(resource: "cpu" | "memory", asked: string) {
  return (scene: Scene) => {
    const count = scene.nodes.length;
    const tainted = scene.random.chance(0.4) ? 1 : 0;
    const reasons = [`${count - tainted} Insufficient ${resource}`];
    const [first] = scene.nodes;
    const taints = [{ key: "dedicated", value: "batch", effect: "NoSchedule" }];
    return unscheduled(scene, {
      reasons: tainted ? [...reasons, `1 ${untolerated(scene, "{dedicated: batch}")}`] : reasons,
      container: { resources: { requests: { [resource]: asked } } },
      nodes: tainted && first ? [node(scene, first, { taints })] : [],
    });
  };
}

/** plugins/tainttoleration/taint_toleration.go: names the taint before 1.34, and only counts since. */
function untolerated(scene: Scene, taint: string): string {
  return `node(s) had untolerated taint${scene.random.chance(0.5) ? ` ${taint}` : "(s)"}`;
}

/** Of a cluster's nodes, one is out for another reason: it is cordoned (plugins/nodeunschedulable/node_unschedulable.go). */
function reasonsOf(scene: Scene, reason: string): readonly string[] {
  const count = scene.nodes.length;
  if (scene.random.chance(0.6)) return [`${count} ${reason}`];
  return [`${count - 1} ${reason}`, "1 node(s) were unschedulable"];
}

function tainted(scene: Scene): Told {
  const [key, value] = scene.random.pick([
    ["dedicated", "gpu"],
    ["workload", "batch"],
    ["team", "search"],
  ] as const);
  const taints = [{ key, value, effect: "NoSchedule" }];
  return unscheduled(scene, {
    reasons: reasonsOf(scene, `${untolerated(scene, `{${key}: ${value}}`)}`),
    nodes: scene.nodes.map((place) => node(scene, place, { taints })),
  });
}

/** plugins/nodeaffinity/node_affinity.go. */
function unmatched(scene: Scene): Told {
  const selector = scene.random.pick([{ disktype: "ssd" }, { "node.kubernetes.io/pool": "fast" }]);
  const [key = "", value = ""] = Object.entries(selector)[0] ?? [];
  const term = { matchExpressions: [{ key, operator: "In", values: [value] }] };
  const required = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
  };
  const where = scene.random.chance(0.5)
    ? { nodeSelector: selector }
    : { affinity: { nodeAffinity: required } };
  return unscheduled(scene, {
    reasons: reasonsOf(scene, `node(s) didn't match Pod's node affinity/selector`),
    podSpec: { containers: [container(scene)], ...where },
  });
}

/** plugins/podtopologyspread/filtering.go, plugins/interpodaffinity/filtering.go. */
function unspread(scene: Scene): Told {
  const labelSelector = { matchLabels: { app: scene.app } };
  const spread = scene.random.chance(0.5);
  const topologyKey = "kubernetes.io/hostname";
  const rule = spread
    ? {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey, whenUnsatisfiable: "DoNotSchedule", labelSelector },
        ],
      }
    : {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey }],
          },
        },
      };
  const reason = spread
    ? scene.random.pick([
        "node(s) didn't match pod topology spread constraints",
        "node(s) didn't match pod topology spread constraints (missing required label)",
      ])
    : scene.random.pick([
        "node(s) didn't match pod anti-affinity rules",
        "node(s) didn't satisfy existing pods anti-affinity rules",
      ]);
  return unscheduled(scene, {
    reasons: reasonsOf(scene, reason),
    podSpec: { containers: [container(scene)], ...rule },
  });
}

function tooMany(scene: Scene): Told {
  return unscheduled(scene, {
    reasons: reasonsOf(scene, `Too many pods`),
    nodes: scene.nodes.map((place) => node(scene, place, { allocatable: { pods: "8" } })),
  });
}

/** The driver may not make the volume (sig-storage-lib-external-provisioner, controller.go), or nobody made the claim. */
function unprovisioned(scene: Scene): Told {
  const name = `${scene.app}-data`;
  const count = scene.nodes.length;
  const there = scene.random.chance(0.5);
  const made = claim(scene, name, { storageClassName: "gp3" }, { phase: "Pending" });
  const why = `failed to provision volume with StorageClass "gp3": rpc error: code = Internal desc = Could not create volume "pvc-1": UnauthorizedOperation: You are not authorized to perform this operation`;
  const times = { component: "ebs.csi.aws.com", count: 30, first: 200, last: 1 };
  const reason = there
    ? `running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded`
    : `0/${count} nodes are available: persistentvolumeclaim "${name}" not found. preemption: 0/${count} nodes are available: ${count} Preemption is not helpful for scheduling.`;
  return unscheduled(scene, {
    reasons: [],
    message: reason,
    podSpec: claimed(scene, name),
    others: there ? [made, event(scene, made, "ProvisioningFailed", why, times)] : [],
  });
}

/** volume/persistentvolume/pv_controller.go: ProvisioningFailed when the class is not there. */
function unbound(scene: Scene): Told {
  if (scene.random.chance(0.4)) return unprovisioned(scene);
  const name = `${scene.app}-data`;
  const storageClassName = scene.random.pick(["fast-ssd", "gp2-encrypted", "premium"]);
  const made = claim(scene, name, { storageClassName }, { phase: "Pending" });
  const message = `storageclass.storage.k8s.io "${storageClassName}" not found`;
  const times = { component: "persistentvolume-controller", count: 40, first: 200, last: 1 };
  const count = scene.nodes.length;
  const told = unscheduled(scene, {
    reasons: [],
    message: `0/${count} nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/${count} nodes are available: ${count} Preemption is not helpful for scheduling.`,
    podSpec: claimed(scene, name),
    others: [made, event(scene, made, "ProvisioningFailed", message, times)],
  });
  return scene.random.chance(0.3) ? { ...told, subject: { type: "pvc", name } } : told;
}

/** plugins/volumebinding/binder.go: the first wording until 1.33, the second since. */
function otherZone(scene: Scene): Told {
  const name = `${scene.app}-data`;
  const volume = `pvc-${scene.random.uid()}`;
  const spec = { storageClassName: "gp3", volumeName: volume };
  const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1d"] };
  const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions: [zone] }] } };
  const reason = scene.random.pick([
    "node(s) had volume node affinity conflict",
    "node(s) didn't match PersistentVolume's node affinity",
  ]);
  return unscheduled(scene, {
    reasons: reasonsOf(scene, `${reason}`),
    podSpec: claimed(scene, name),
    others: [
      claim(scene, name, spec, boundStatus),
      volumeOf(scene, volume, name, { nodeAffinity }),
    ],
  });
}

export const pending: readonly CaseMaker[] = [
  { cause: "insufficient_cpu", make: insufficient("cpu", "6") },
  { cause: "insufficient_memory", make: insufficient("memory", "32Gi") },
  { cause: "taint_not_tolerated", make: tainted },
  { cause: "node_affinity", make: unmatched },
  { cause: "topology_spread", make: unspread },
  { cause: "too_many_pods", make: tooMany },
  { cause: "unbound_claim", make: unbound },
  { cause: "volume_zone", make: otherZone },
  { cause: "scheduling_gate", make: gated },
];
