import type { CaseMaker, Told } from "../case.ts";
import { autoscaler } from "../world/autoscalers.ts";
import { budget } from "../world/budgets.ts";
import { certificate } from "../world/certificate.ts";
import { running, terminated } from "../world/containers.ts";
import { ingress, networkPolicy, route, service } from "../world/network.ts";
import { ago, object, type Scene } from "../world/scene.ts";
import { completedJob, cronJob, daemonSet, statefulSet } from "../world/sets.ts";
import { probe } from "../world/templates.ts";
import { boundStatus, claim, claimed, volumeOf } from "../world/volumes.ts";
import { deployment } from "../world/workloads.ts";

const DAY = 24 * 60 * 60 * 1000;

/** All that stands in front of a workload, in order. */
function front(scene: Scene): Told {
  const app = deployment(scene, { replicas: scene.random.int(2, 4) });
  const name = `${scene.app}-tls`;
  const until = new Date(scene.now.getTime() + 60 * DAY);
  const text = certificate(scene.app, new Date(until.getTime() - 90 * DAY), until);
  const data = { "tls.crt": Buffer.from(text).toString("base64"), "tls.key": "bm90IGEga2V5" };
  return {
    subject: { type: scene.random.pick(["deployment", "service", "ingress"]), name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      object(scene, ["v1", "Secret", name], { type: "kubernetes.io/tls", data }),
      ingress(scene, {
        ingressClassName: "nginx",
        tls: [{ hosts: [`${scene.app}.example.com`], secretName: name }],
        rules: route(scene, scene.app, { name: "http" }),
      }),
    ],
  };
}

/** Has all its policies allow what it needs. */
function guarded(scene: Scene): Told {
  const app = deployment(scene, { replicas: 3 });
  const from = [
    { podSelector: { matchLabels: { app: `${scene.app}-client` } } },
    { podSelector: {} },
  ];
  return {
    subject: { type: scene.random.pick(["deployment", "service"]), name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      networkPolicy(scene, `${scene.app}-callers`, {
        podSelector: { matchLabels: { app: scene.app } },
        policyTypes: ["Ingress"],
        ingress: [{ from, ports: [{ protocol: "TCP", port: "http" }] }],
      }),
      budget(scene, { minAvailable: 2, expected: 3, healthy: 3, desired: 2 }),
      autoscaler(scene, { current: 3, utilization: 55 }),
    ],
  };
}

/** Was killed for its memory long ago, and has been well since. */
function recovered(scene: Scene): Told {
  const end = { exitCode: 137, reason: "OOMKilled", minutes: 5_000, ranMinutes: 900 };
  const state = running(scene, 4_999, { restartCount: 2, lastState: terminated(scene, end) });
  const app = deployment(scene, {
    rolledOutMinutes: 9_000,
    container: { livenessProbe: probe("/healthz", "http", { initialDelaySeconds: 30 }) },
    pods: [{ states: [state] }, {}],
  });
  return { subject: { type: "deployment", name: scene.app }, objects: app.objects };
}

/** Just rolled out, and done. */
function fresh(scene: Scene): Told {
  const app = deployment(scene, { replicas: 3, rolledOutMinutes: scene.random.int(3, 20) });
  return { subject: { type: "deployment", name: scene.app }, objects: app.objects };
}

function stateful(scene: Scene): Told {
  const name = `${scene.app}-data`;
  const volume = `pvc-${scene.random.uid()}`;
  const app = statefulSet(scene, { replicas: 1, podSpec: claimed(scene, name) });
  const spec = { storageClassName: "gp3", volumeName: volume };
  return {
    subject: scene.random.pick([
      { type: "statefulset", name: scene.app } as const,
      { type: "pvc", name } as const,
    ]),
    objects: [
      ...app.objects,
      claim(scene, name, spec, boundStatus),
      volumeOf(scene, volume, name),
      ...service(scene, { pods: app.pods, spec: { clusterIP: "None" } }),
    ],
  };
}

function everywhere(scene: Scene): Told {
  return { subject: { type: "daemonset", name: scene.app }, objects: daemonSet(scene).objects };
}

function scaled(scene: Scene): Told {
  const resources = { requests: { cpu: "200m" } };
  const app = deployment(scene, { replicas: 3, container: { resources } });
  const hpa = autoscaler(scene, { current: 3, utilization: 61 });
  return { subject: { type: "hpa", name: scene.app }, objects: [...app.objects, hpa] };
}

/** Nobody wants pods of it. */
function asleep(scene: Scene): Told {
  const app = deployment(scene, { replicas: 0 });
  return { subject: { type: "deployment", name: scene.app }, objects: app.objects };
}

function regular(scene: Scene): Told {
  const last = scene.random.int(1, 9);
  const status = { lastScheduleTime: ago(scene, last), lastSuccessfulTime: ago(scene, last) };
  const made = cronJob(scene, scene.app, {}, status);
  const done = completedJob(scene, `${scene.app}-29384715`, last);
  return scene.random.chance(0.5)
    ? { subject: { type: "cronjob", name: scene.app }, objects: [made, ...done.objects] }
    : { subject: { type: "job", name: done.owner.metadata.name }, objects: done.objects };
}

export const healthy: readonly CaseMaker[] = [
  front,
  guarded,
  recovered,
  fresh,
  stateful,
  everywhere,
  scaled,
  asleep,
  regular,
].map((make) => ({ cause: undefined, make }));
