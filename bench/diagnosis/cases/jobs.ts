import type { CaseMaker, Told } from "../case.ts";
import { ended, waiting } from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Fields } from "../world/manifest.ts";
import { ago, type Scene } from "../world/scene.ts";
import { cronJob, job } from "../world/sets.ts";
import { container } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";
import { logOf } from "./crashes.ts";

/** kube-controller-manager, job/job_controller.go: FailureTarget first, then Failed. */
function failedStatus(scene: Scene, reason: string, message: string, times: JobTimes): Fields {
  const since = ago(scene, times.ended);
  const at = { lastProbeTime: since, lastTransitionTime: since };
  const condition = (type: string) => ({ type, status: "True", reason, message, ...at });
  return {
    startTime: ago(scene, times.started),
    failed: times.failed,
    conditions: [condition("FailureTarget"), condition("Failed")],
  };
}

interface JobTimes {
  readonly started: number;
  readonly ended: number;
  readonly failed: number;
}

function backoff(scene: Scene): Told {
  const limit = scene.random.int(1, 4);
  const minutes = scene.random.int(10, 200);
  const message = "Job has reached the specified backoff limit";
  const code = scene.random.pick([1, 2]);
  const kept = scene.random.chance(0.7);
  const pods = Array.from({ length: kept ? limit + 1 : 0 }, (_, index) => ({
    phase: "Failed",
    ageMinutes: minutes + 2 * index + 1,
    states: [ended(scene, { exitCode: code, reason: "Error", minutes: minutes + 2 * index })],
  }));
  const times = { started: minutes + 15, ended: minutes, failed: limit + 1 };
  const app = job(scene, {
    rolledOutMinutes: minutes + 15,
    spec: { backoffLimit: limit },
    pods,
    status: failedStatus(scene, "BackoffLimitExceeded", message, times),
  });
  const said = event(scene, app.owner, "BackoffLimitExceeded", message, {
    component: "job-controller",
    last: Math.min(minutes, 55),
  });
  return {
    subject: { type: "job", name: scene.app },
    objects: [...app.objects, ...(minutes < 60 ? [said] : [])],
    logs: app.pods.map(({ metadata }) =>
      logOf(metadata.name, ["row 1822: unknown column", "exit"], false),
    ),
  };
}

function deadline(scene: Scene): Told {
  const minutes = scene.random.int(5, 50);
  const message = "Job was active longer than specified deadline";
  const times = { started: minutes + 30, ended: minutes, failed: 1 };
  const app = job(scene, {
    rolledOutMinutes: minutes + 30,
    spec: { activeDeadlineSeconds: 1_800 },
    pods: [],
    status: failedStatus(scene, "DeadlineExceeded", message, times),
  });
  const said = { component: "job-controller", last: minutes };
  return {
    subject: { type: "job", name: scene.app },
    objects: [...app.objects, event(scene, app.owner, "DeadlineExceeded", message, said)],
  };
}

function suspended(scene: Scene): Told {
  const minutes = scene.random.int(300, 9_000);
  const last = {
    lastScheduleTime: ago(scene, minutes),
    lastSuccessfulTime: ago(scene, minutes - 2),
  };
  const made = cronJob(scene, scene.app, { suspend: true, schedule: "0 * * * *" }, last);
  return { subject: { type: "cronjob", name: scene.app }, objects: [made] };
}

/** kube-controller-manager, cronjob/cronjob_controllerv2.go and utils.go. */
function missed(scene: Scene): Told {
  const tooMany = scene.random.chance(0.5);
  const minutes = tooMany ? scene.random.int(2_000, 6_000) : scene.random.int(180, 600);
  const spec = tooMany
    ? { schedule: "*/5 * * * *" }
    : { schedule: "*/30 * * * *", startingDeadlineSeconds: 10 };
  const status = {
    lastScheduleTime: ago(scene, minutes),
    lastSuccessfulTime: ago(scene, minutes - 1),
  };
  const made = cronJob(scene, scene.app, spec, status);
  const [reason, message] = tooMany
    ? [
        "TooManyMissedTimes",
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
      ]
    : [
        "MissSchedule",
        `Missed scheduled time to start a job: ${new Date(ago(scene, 20)).toUTCString()}`,
      ];
  const times = { component: "cronjob-controller", count: 12, first: 58, last: 3 };
  return {
    subject: { type: "cronjob", name: scene.app },
    objects: scene.random.chance(0.7) ? [made, event(scene, made, reason, message, times)] : [made],
  };
}

/** kubelet, kuberuntime: an init container that fails is started again, and the pod waits as PodInitializing. */
function initFails(scene: Scene): Told {
  const minutes = scene.random.int(10, 90);
  const name = scene.random.pick(["migrate", "fetch-assets", "wait-for-schema"]);
  const code = scene.random.pick([1, 2, 64]);
  const end = { exitCode: code, reason: "Error", minutes: 2 };
  const looping = (pod: string) => {
    const who = `container=${name} pod=${pod}_${scene.namespace}(${scene.random.uid()})`;
    return waiting("CrashLoopBackOff", `back-off 5m0s restarting failed ${who}`, {
      restartCount: 7,
      lastState: ended(scene, end).state,
    });
  };
  const initialized = {
    type: "Initialized",
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${name}]`,
    lastTransitionTime: ago(scene, minutes),
  };
  const app = deployment(scene, {
    oldPods: 2,
    rolledOutMinutes: minutes,
    podSpec: {
      containers: [container(scene)],
      initContainers: [{ name, image: scene.image, command: ["/app/init"] }],
    },
    pods: [
      (pod) => ({
        phase: "Pending",
        conditions: [initialized],
        initStates: [
          scene.random.chance(0.7) ? looping(pod) : ended(scene, { ...end, minutes: 0.2 }),
        ],
        states: [waiting("PodInitializing")],
      }),
    ],
  });
  const message = `Back-off restarting failed container ${name} in pod ${app.pods[0]?.metadata.name}`;
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [
      ...app.objects,
      ...app.pods.map((pod) =>
        event(scene, pod, "BackOff", message, { count: 40, first: minutes, last: 1 }),
      ),
    ],
    logs: app.pods.map(({ metadata }) => ({
      ...logOf(metadata.name, ["running step 4 of 9", "step 4 failed: checksum differs"]),
      container: name,
    })),
  };
}

export const jobs: readonly CaseMaker[] = [
  { cause: "init_container_failed", make: initFails },
  { cause: "job_backoff", make: backoff },
  { cause: "job_deadline", make: deadline },
  { cause: "cronjob_suspended", make: suspended },
  { cause: "cronjob_missed", make: missed },
];
