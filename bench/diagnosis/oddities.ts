import type { Log } from "./case.ts";
import { logOf } from "./cases/crashes.ts";
import { drained } from "./cases/rollouts.ts";
import { budget } from "./world/budgets.ts";
import { crashLoop, running, terminated, waiting } from "./world/containers.ts";
import { event } from "./world/events.ts";
import type { Manifest } from "./world/manifest.ts";
import { networkPolicy, service } from "./world/network.ts";
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
];

/** Two of them, never the same twice. */
export function oddities(scene: Scene): readonly Oddity[] {
  const first = scene.random.pick(makers);
  const second = scene.random.pick(makers.filter((each) => each !== first));
  return [first(scene), second(scene)];
}
