import type { Log } from "./case.ts";
import { logOf } from "./cases/crashes.ts";
import { drained } from "./cases/rollouts.ts";
import { autoscaler, condition } from "./world/autoscalers.ts";
import { budget } from "./world/budgets.ts";
import { certificate } from "./world/certificate.ts";
import { crashLoop, running, terminated, waiting } from "./world/containers.ts";
import { event } from "./world/events.ts";
import type { Manifest } from "./world/manifest.ts";
import { networkPolicy, service } from "./world/network.ts";
import { node, nodeCondition } from "./world/nodes.ts";
import { ago, neighbour, object, type Scene } from "./world/scene.ts";
import { completedJob, cronJob } from "./world/sets.ts";
import { deployment } from "./world/workloads.ts";

/** Something that is odd, or sick for a reason of its own, and has nothing to do with the case. */
interface Oddity {
  readonly objects: readonly Manifest[];
  readonly logs?: readonly Log[];
}

type OddityMaker = (scene: Scene) => Oddity;

/** A neighbour that lost its memory long ago and has been well since. */
function oldRestart(scene: Scene): Oddity {
  const end = { exitCode: 137, reason: "OOMKilled", minutes: 4_000, ranMinutes: 600 };
  const state = running(scene, 3_999, { restartCount: 3, lastState: terminated(scene, end) });
  const place = neighbour(scene, "thumbnails");
  return {
    objects: deployment(place, { rolledOutMinutes: 8_000, pods: [{ states: [state] }] }).objects,
  };
}

const doneJob: OddityMaker = (scene) =>
  completedJob(neighbour(scene, "nightly"), "nightly-export", 300);

/** A warning of a neighbour that nobody has seen again. */
function oldWarning(scene: Scene): Oddity {
  const app = deployment(neighbour(scene, "mailer"), { replicas: 1 });
  const refused = "Readiness probe failed: HTTP probe failed with statuscode: 503";
  return {
    objects: [
      ...app.objects,
      ...app.pods.map((pod) => event(scene, pod, "Unhealthy", refused, { count: 2, last: 50 })),
    ],
  };
}

function sickNeighbour(scene: Scene): Oddity {
  const place = neighbour(scene, "importer");
  const end = { exitCode: 1, reason: "Error", minutes: 3 };
  const app = deployment(place, { pods: [(name) => ({ states: [crashLoop(place, name, end)] })] });
  const lines = ["ValueError: row 12 has no id"];
  return {
    objects: app.objects,
    logs: app.pods.map(({ metadata }) => logOf(metadata.name, lines)),
  };
}

function unpulledNeighbour(scene: Scene): Oddity {
  const place = neighbour(scene, "playground");
  const message = `Back-off pulling image "${place.image}"`;
  const states = [waiting("ImagePullBackOff", message)];
  const app = deployment(place, { pods: [{ phase: "Pending", states }] });
  const back = app.pods.map((pod) => event(scene, pod, "BackOff", message, { count: 99, last: 1 }));
  return { objects: [...app.objects, ...back] };
}

const unusedConfig: OddityMaker = (scene) => ({
  objects: [object(scene, ["v1", "ConfigMap", "old-settings"], { data: { MODE: "legacy" } })],
});

/** Where none of the case's pods can be, for it is not among the scene's places. */
const cordonedElsewhere: OddityMaker = (scene) => {
  const name = `ip-10-0-250-9.${scene.namespace}.internal`;
  return { objects: [drained(scene, { name, zone: "eu-west-1a", address: "10.0.250.9" })] };
};

function slackBudget(scene: Scene): Oddity {
  const app = deployment(neighbour(scene, "sessions"), { replicas: 3 });
  const matchLabels = { app: "sessions" };
  const numbers = { minAvailable: 1, expected: 3, healthy: 3, desired: 1 };
  return {
    objects: [...app.objects, budget(scene, { name: "sessions", matchLabels, ...numbers })],
  };
}

const suspendedElsewhere: OddityMaker = (scene) => ({
  objects: [
    cronJob(
      scene,
      "yearly-audit",
      { suspend: true, schedule: "0 3 1 1 *" },
      { lastScheduleTime: ago(scene, 200_000) },
    ),
  ],
});

/** A Service that somebody left behind. */
const orphanService: OddityMaker = (scene) => ({
  objects: service(scene, {
    name: "old-frontend",
    selector: { app: "old-frontend" },
    resolved: [],
  }),
});

const policyElsewhere: OddityMaker = (scene) => ({
  objects: [
    networkPolicy(scene, "vault-only", {
      podSelector: { matchLabels: { app: "vault" } },
      policyTypes: ["Ingress"],
      ingress: [],
    }),
  ],
});

/** Nothing uses it any more, so nobody renewed it. */
function unusedCertificate(scene: Scene): Oddity {
  const until = new Date(scene.now.getTime() - 30 * 24 * 60 * 60_000);
  const from = new Date(until.getTime() - 90 * 24 * 60 * 60_000);
  const text = certificate("old.example.com", from, until);
  const data = { "tls.crt": Buffer.from(text).toString("base64"), "tls.key": "bm90IGEga2V5" };
  return {
    objects: [object(scene, ["v1", "Secret", "old-tls"], { type: "kubernetes.io/tls", data })],
  };
}

/** Nearly used up, and nobody was refused. */
function fullQuota(scene: Scene): Oddity {
  const hard = { "requests.storage": "100Gi" };
  const status = { hard, used: { "requests.storage": "98Gi" } };
  return {
    objects: [object(scene, ["v1", "ResourceQuota", "storage"], { spec: { hard }, status })],
  };
}

/** A node that carries none of the case's pods. */
function lostNode(scene: Scene): Oddity {
  const name = `ip-10-0-251-7.${scene.namespace}.internal`;
  const line = [
    "Ready",
    "Unknown",
    "NodeStatusUnknown",
    "Kubelet stopped posting node status.",
  ] as const;
  const conditions = [nodeCondition(scene, line, 400, 401)];
  const taints = [{ key: "node.kubernetes.io/unreachable", effect: "NoSchedule" }];
  const place = { name, zone: "eu-west-1b", address: "10.0.251.7" };
  return { objects: [node(scene, place, { conditions, taints })] };
}

/** Many pods that are well. */
function crowd(scene: Scene): Oddity {
  const apps = ["alpha", "beta", "gamma"].map((name) =>
    deployment(neighbour(scene, name), { replicas: scene.random.int(8, 16) }),
  );
  return { objects: apps.flatMap(({ objects }) => objects) };
}

/** An autoscaler of a neighbour that sees nothing. */
function blindNeighbour(scene: Scene): Oddity {
  const place = neighbour(scene, "encoder");
  const why =
    "the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app of Pod encoder-0";
  const line = ["ScalingActive", "False", "FailedGetResourceMetric", why] as const;
  const hpa = autoscaler(place, { current: 2, conditions: [condition(scene, line, 700)] });
  return { objects: [...deployment(place, { replicas: 2 }).objects, hpa] };
}

const makers: readonly OddityMaker[] = [
  oldRestart,
  doneJob,
  oldWarning,
  sickNeighbour,
  unpulledNeighbour,
  unusedConfig,
  cordonedElsewhere,
  slackBudget,
  suspendedElsewhere,
  orphanService,
  policyElsewhere,
  unusedCertificate,
  fullQuota,
  lostNode,
  crowd,
  blindNeighbour,
];

/** Two of them, never the same twice. */
export function oddities(scene: Scene): readonly Oddity[] {
  const first = scene.random.pick(makers);
  const second = scene.random.pick(makers.filter((each) => each !== first));
  return [first(scene), second(scene)];
}
