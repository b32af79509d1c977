import type { CaseMaker, Told } from "../case.ts";
import { autoscaler, condition } from "../world/autoscalers.ts";
import { budget } from "../world/budgets.ts";
import { certificate } from "../world/certificate.ts";
import { ended, running, terminated } from "../world/containers.ts";
import { event } from "../world/events.ts";
import { ownedBy } from "../world/manifest.ts";
import { ingress, networkPolicy, route, service } from "../world/network.ts";
import { ago, object, type Scene } from "../world/scene.ts";
import { completedJob, cronJob, daemonSet, job, statefulSet } from "../world/sets.ts";
import { probe } from "../world/templates.ts";
import { boundStatus, claim, claimed, volumeOf } from "../world/volumes.ts";
import { deployment } from "../world/workloads.ts";
import { disguised } from "./disguised.ts";

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

/** Waits for its first pod, as its class says (volume/persistentvolume/pv_controller.go, WaitForFirstConsumer). */
function unused(scene: Scene): Told {
  const name = `${scene.app}-scratch`;
  const made = claim(scene, name, { storageClassName: "gp3" }, { phase: "Pending" });
  const message = "waiting for first consumer to be created before binding";
  const times = { component: "persistentvolume-controller", type: "Normal", count: 400 } as const;
  return {
    subject: { type: "pvc", name },
    objects: [made, event(scene, made, "WaitForFirstConsumer", message, times)],
  };
}

/** Asks nothing of the autoscaler: it is at its minimum, and says that it would like less. */
function quiet(scene: Scene): Told {
  const resources = { requests: { cpu: "200m" } };
  const app = deployment(scene, { replicas: 2, container: { resources } });
  const message = "the desired replica count is less than the minimum replica count";
  const line = ["ScalingLimited", "True", "TooFewReplicas", message] as const;
  const conditions = [condition(scene, line, 3_000)];
  const hpa = autoscaler(scene, { current: 2, utilization: 4, conditions });
  return {
    subject: { type: scene.random.pick(["hpa", "deployment"]), name: scene.app },
    objects: [...app.objects, hpa],
  };
}

/** One pod, and a budget that keeps it: nobody wants to move it. */
function single(scene: Scene): Told {
  const app = deployment(scene, { replicas: 1 });
  const kept = budget(scene, { minAvailable: 1, expected: 1, healthy: 1, desired: 1 });
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, kept, ...service(scene, { pods: app.pods })],
  };
}

/** Leads out of the cluster, and selects nothing on purpose. */
function external(scene: Scene): Told {
  const spec = { type: "ExternalName", externalName: "db.example.com" };
  const ports = [{ port: 5432, protocol: "TCP" }];
  const made = object(scene, ["v1", "Service", scene.app], {
    spec: { ...spec, ports },
    status: { loadBalancer: {} },
  });
  return { subject: { type: "service", name: scene.app }, objects: [made] };
}

/** Works at this moment. */
function busy(scene: Scene): Told {
  const name = `${scene.app}-29384730`;
  const app = job(scene, {
    name,
    rolledOutMinutes: 6,
    pods: [{ ageMinutes: 5 }],
    status: { startTime: ago(scene, 6), active: 1, ready: 1 },
  });
  return { subject: { type: "job", name }, objects: app.objects };
}

/** Failed once, days ago; its record is kept (failedJobsHistoryLimit), and each run since went well. */
function improved(scene: Scene): Told {
  const last = scene.random.int(1, 9);
  const status = { lastScheduleTime: ago(scene, last), lastSuccessfulTime: ago(scene, last) };
  const made = cronJob(scene, scene.app, {}, status);
  const ownerReferences = ownedBy(made);
  const since = ago(scene, 4_000);
  const condition = (type: string) => ({
    type,
    status: "True",
    reason: "BackoffLimitExceeded",
    message: "Job has reached the specified backoff limit",
    lastProbeTime: since,
    lastTransitionTime: since,
  });
  const failed = job(scene, {
    name: `${scene.app}-29380001`,
    rolledOutMinutes: 4_010,
    metadata: { ownerReferences },
    pods: [
      {
        phase: "Failed",
        ageMinutes: 4_008,
        states: [ended(scene, { exitCode: 1, reason: "Error", minutes: 4_001 })],
      },
    ],
    status: {
      startTime: ago(scene, 4_010),
      failed: 1,
      conditions: [condition("FailureTarget"), condition("Failed")],
    },
  });
  const done = completedJob(scene, `${scene.app}-29384715`, last, { ownerReferences });
  return {
    subject: { type: "cronjob", name: scene.app },
    objects: [made, ...failed.objects, ...done.objects],
  };
}

function regular(scene: Scene): Told {
  const last = scene.random.int(1, 9);
  const status = { lastScheduleTime: ago(scene, last), lastSuccessfulTime: ago(scene, last) };
  const made = cronJob(scene, scene.app, {}, status);
  const ownerReferences = ownedBy(made);
  const done = completedJob(scene, `${scene.app}-29384715`, last, { ownerReferences });
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
  unused,
  quiet,
  single,
  external,
  busy,
  improved,
  ...disguised,
].map((make) => ({ cause: undefined, make }));
