import type { CaseMaker, Told } from "../case.ts";
import {
  type ContainerState,
  crashLoop,
  type End,
  terminated,
  unready,
} from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Fields, Manifest } from "../world/manifest.ts";
import type { Scene } from "../world/scene.ts";
import { first, PORT, probe } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";
import { backOff, logOf } from "./crashes.ts";

/** kubelet, prober/prober.go and kuberuntime_container.go: Unhealthy, then Killing; the process dies of SIGTERM or SIGKILL. */
const livenessProbe: CaseMaker = {
  cause: "liveness_probe",
  make(scene) {
    const delay = scene.random.int(1, 5);
    const restarts = scene.random.int(4, 25);
    const livenessProbe = {
      httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" },
      initialDelaySeconds: delay,
      periodSeconds: 5,
      timeoutSeconds: 1,
      failureThreshold: 2,
      successThreshold: 1,
    };
    const end = {
      exitCode: scene.random.pick([137, 143]),
      reason: "Error",
      minutes: 1.5,
      ranMinutes: 0.6,
    };
    const crash = (name: string) => ({
      states: [
        scene.random.chance(0.5)
          ? crashLoop(scene, name, end, { restarts })
          : restarted(scene, end, restarts),
      ],
    });
    const app = deployment(scene, {
      oldPods: 2,
      rolledOutMinutes: 35,
      container: { livenessProbe },
      pods: [crash],
    });
    return {
      subject: { type: "deployment", name: scene.app },
      objects: [...app.objects, ...probeEvents(scene, first(app), restarts)],
      logs: [
        logOf(first(app).metadata.name, ["booting", "loading plugins 1/9", "loading plugins 4/9"]),
      ],
    };
  },
};

/** Between two kills. */
function restarted(scene: Scene, end: End, restartCount: number) {
  return unready(scene, 0.3, { restartCount, lastState: terminated(scene, end) });
}

function probeEvents(scene: Scene, pod: Manifest, restarts: number): readonly Manifest[] {
  const { podIP } = statusOf(pod);
  const times = { first: 34, last: 1 };
  const url = `Get "http://${podIP}:8080/healthz":`;
  const refused = `Liveness probe failed: ${scene.random.pick([
    `${url} dial tcp ${podIP}:8080: connect: connection refused`,
    `${url} context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    "HTTP probe failed with statuscode: 503",
  ])}`;
  return [
    event(scene, pod, "Unhealthy", refused, { ...times, count: restarts * 2 }),
    event(scene, pod, "Killing", "Container app failed liveness probe, will be restarted", {
      ...times,
      type: "Normal",
      count: restarts,
    }),
    backOff(scene, pod),
  ];
}

function statusOf({ status }: Manifest): Fields {
  return { ...Object(status) };
}

interface Unready {
  readonly readinessProbe: Fields;
  /** What the kubelet says after `Readiness probe failed: `. */
  failure(podIP: string): string;
  /** How long the containers have run. */
  readonly minutes: number;
  readonly lines: readonly string[];
  readonly container?: Fields;
}

/** Runs, and is not ready. kubelet, prober/prober.go: `%s probe failed: %s`; probe/http/http.go gives the status code. */
function notReady(scene: Scene, how: Unready): Told {
  const { readinessProbe, minutes } = how;
  const states: readonly ContainerState[] = [unready(scene, minutes)];
  const app = deployment(scene, {
    oldPods: scene.random.int(1, 3),
    rolledOutMinutes: minutes + 0.2,
    container: { readinessProbe, ...how.container },
    pods: Array.from({ length: scene.random.int(1, 2) }, () => ({ states })),
  });
  const times = { count: Math.ceil(minutes * 6), first: minutes, last: 0.2 };
  const failed = app.pods.map((pod) => {
    const message = `Readiness probe failed: ${how.failure(String(statusOf(pod).podIP))}`;
    return event(scene, pod, "Unhealthy", message, { ...times, fieldPath: "spec.containers{app}" });
  });
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, ...failed],
    logs: app.pods.map(({ metadata }) => logOf(metadata.name, how.lines, false)),
  };
}

const readinessPath: CaseMaker = {
  cause: "readiness_path",
  make: (scene) =>
    notReady(scene, {
      readinessProbe: probe(scene.random.pick(["/healthz", "/api/health", "/status/live"])),
      failure: () => "HTTP probe failed with statuscode: 404",
      minutes: scene.random.int(6, 200),
      lines: ["listening on :8080", '"GET /healthz HTTP/1.1" 404'],
    }),
};

const readinessPort: CaseMaker = {
  cause: "readiness_port",
  make(scene) {
    const port = scene.random.pick([8081, 9090, 3000]);
    const tcp = scene.random.chance(0.3);
    const refused = (ip: string) => `dial tcp ${ip}:${port}: connect: connection refused`;
    return notReady(scene, {
      readinessProbe: tcp
        ? {
            tcpSocket: { port },
            periodSeconds: 10,
            timeoutSeconds: 1,
            failureThreshold: 3,
            successThreshold: 1,
          }
        : probe("/ready", port),
      failure: (ip) => (tcp ? refused(ip) : `Get "http://${ip}:${port}/ready": ${refused(ip)}`),
      minutes: scene.random.int(8, 200),
      lines: [`listening on :${PORT}`, "ready to serve"],
    });
  },
};

const slowStart: CaseMaker = {
  cause: "slow_start",
  make: (scene) =>
    notReady(scene, {
      readinessProbe: probe("/ready", "http", { initialDelaySeconds: 5 }),
      failure: (ip) =>
        `Get "http://${ip}:${PORT}/ready": dial tcp ${ip}:${PORT}: connect: connection refused`,
      minutes: scene.random.int(5, 18) / 10,
      lines: ["starting", `loading model ${scene.random.int(10, 60)}%`],
      container: scene.random.chance(0.5)
        ? { startupProbe: probe("/ready", "http", { failureThreshold: 60 }) }
        : {},
    }),
};

const readinessDependency: CaseMaker = {
  cause: "readiness_dependency",
  make(scene) {
    const slow = scene.random.chance(0.4);
    return notReady(scene, {
      readinessProbe: probe("/ready"),
      failure: (ip) =>
        slow
          ? `Get "http://${ip}:${PORT}/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
          : `HTTP probe failed with statuscode: ${scene.random.pick([500, 503])}`,
      minutes: scene.random.int(15, 120),
      lines: [
        `listening on :${PORT}`,
        scene.random.pick([
          "readiness: database ping failed: dial tcp 10.96.20.4:5432: i/o timeout",
          "health check redis: NOT OK (connection refused 10.96.3.12:6379)",
        ]),
      ],
    });
  },
};

export const probes = [livenessProbe, readinessPath, readinessPort, slowStart, readinessDependency];
