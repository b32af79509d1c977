import type { CaseMaker, Told } from "../case.ts";
import {
  type ContainerState,
  crashLoop,
  type End,
  terminated,
  unready,
} from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Manifest } from "../world/manifest.ts";
import { node } from "../world/nodes.ts";
import { isReady } from "../world/pods.ts";
import type { Scene } from "../world/scene.ts";
import { statefulSet } from "../world/sets.ts";
import type { App, AppParts } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";

interface Crash {
  readonly end: End;
  readonly lines: readonly string[];
  readonly restarts?: number;
  readonly parts?: AppParts;
}

/** Some pods of a Deployment crash: all of a new template, or all of one that ran well before. */
export function crashing(scene: Scene, { end, lines, restarts, parts = {} }: Crash): Told {
  const rolling = scene.random.chance(0.5);
  const counted = { restarts: restarts ?? scene.random.int(4, 40) };
  const again = scene.random.chance(0.2) && end.reason !== "StartError";
  const state = (name: string) =>
    again ? betweenCrashes(scene, end, counted.restarts) : crashLoop(scene, name, end, counted);
  const set = scene.random.chance(0.15);
  const make = set ? statefulSet : deployment;
  const app = make(scene, {
    rolledOutMinutes: rolling ? scene.random.int(12, 90) : scene.random.int(600, 3_000),
    oldPods: rolling ? 2 : 0,
    pods: [
      ...Array.from({ length: rolling ? 1 : 2 }, () => (name: string) => ({
        states: [state(name)],
      })),
      ...(rolling || scene.random.chance(0.5) ? [] : [{}]),
    ],
    ...parts,
  });
  return {
    subject: { type: set ? "statefulset" : "deployment", name: scene.app },
    objects: [...app.objects, ...ill(app).map((pod) => backOff(scene, pod))],
    logs: ill(app).map(({ metadata }) => logOf(metadata.name, lines)),
  };
}

const ill = ({ pods }: App) => pods.filter((pod) => !isReady(pod));

/** Started again a moment ago, and about to end as it did before. */
function betweenCrashes(scene: Scene, end: End, restartCount: number): ContainerState {
  const lastState = terminated(scene, { ...end, minutes: 0.5 });
  return unready(scene, 0.2, { restartCount, lastState });
}

export function logOf(pod: string, lines: readonly string[], previous = true) {
  return { pod, container: "app", previous, lines };
}

/** kubelet, kuberuntime/kuberuntime_manager.go doBackOff. */
export function backOff(scene: Scene, pod: Manifest): Manifest {
  const { name, namespace, uid } = pod.metadata;
  const message = `Back-off restarting failed container app in pod ${name}_${namespace}(${uid})`;
  const times = { count: scene.random.int(12, 200), first: 40, last: scene.random.int(1, 3) };
  return event(scene, pod, "BackOff", message, { ...times, fieldPath: "spec.containers{app}" });
}

/** The kernel killed it inside its own cgroup: reason OOMKilled, exit code 128 + 9 (containerd, TaskOOM event). */
const oomLimit: CaseMaker = {
  cause: "oom_limit",
  make: (scene) =>
    crashing(scene, {
      end: { exitCode: 137, reason: "OOMKilled", minutes: 2, ranMinutes: scene.random.int(1, 30) },
      lines: ["level=info msg=started", 'level=info msg="loading index" entries=1843002'],
      parts: {
        container: {
          resources: {
            requests: { memory: "128Mi" },
            limits: { memory: scene.random.pick(["192Mi", "256Mi", "1Gi"]) },
          },
        },
      },
    }),
};

/** kubelet, oom/oom_watcher_linux.go: event SystemOOM on the node; the container had no limit of its own. */
const oomNode: CaseMaker = {
  cause: "oom_node",
  make(scene) {
    const place = scene.random.pick(scene.nodes);
    const end = { exitCode: 137, reason: "OOMKilled", minutes: 3, ranMinutes: 300 };
    const app = deployment(scene, {
      container: { resources: scene.random.chance(0.5) ? {} : { requests: { memory: "64Mi" } } },
      pods: [
        {},
        (name) => ({ node: place, states: [crashLoop(scene, name, end, { restarts: 3 })] }),
      ],
    });
    const sick = node(scene, place);
    const message = `System OOM encountered, victim process: ${scene.app}, pid: ${scene.random.int(2_000, 90_000)}`;
    return {
      subject: { type: "deployment", name: scene.app },
      nodes: [sick],
      objects: [
        ...app.objects,
        event(scene, sick, "SystemOOM", message, { count: 3, first: 30, last: 3 }),
      ],
    };
  },
};

const TRACES = [
  [
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 31, in <module>',
    "    settings = load()",
    "KeyError: 'REGION'",
  ],
  [
    "panic: runtime error: index out of range [3] with length 3",
    "",
    "goroutine 1 [running]:",
    "main.main()",
    "\t/src/main.go:48 +0x1d",
  ],
  [
    'Exception in thread "main" java.lang.IllegalStateException: no handler for type order.v3',
    "\tat com.example.Main.main(Main.java:22)",
  ],
  [
    "Error: Cannot find module './routes/orders'",
    "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)",
    "  code: 'MODULE_NOT_FOUND'",
  ],
  [
    "warn: redis 10.96.4.4:6379: connection refused, retrying in 1s",
    "info: redis connected",
    "fatal: invalid configuration: field region is required",
  ],
  ["terminate called after throwing an instance of 'std::out_of_range'", "  what():  map::at"],
] as const;

const appExit: CaseMaker = {
  cause: "app_exit",
  make: (scene) =>
    crashing(scene, {
      end: { exitCode: scene.random.pick([1, 2, 3, 134, 139]), reason: "Error", minutes: 2 },
      lines: ["starting version 3", ...scene.random.pick(TRACES)],
    }),
};

const DEPENDENCIES = [
  (name: string) => [
    "connecting to database",
    `FATAL: dial tcp 10.96.14.8:5432: connect: connection refused (host=${name}-db)`,
  ],
  (name: string) => [
    `Error: connect ECONNREFUSED 10.96.31.7:6379`,
    `    redis ${name}-cache is not reachable, giving up`,
  ],
  () => [
    "java.net.ConnectException: Connection timed out",
    "\tat com.zaxxer.hikari.pool.HikariPool.createPoolEntry(HikariPool.java:476)",
    "Could not open JDBC Connection for transaction",
  ],
  () => [
    'FATAL:  password authentication failed for user "app"',
    'psycopg2.OperationalError: connection to server at "pg-main" (10.96.8.4), port 5432 failed',
  ],
  () => [
    "MongoServerSelectionError: connect ETIMEDOUT 10.96.40.2:27017",
    "    at Timeout._onTimeout (/app/node_modules/mongodb/lib/sdam/topology.js:278:38)",
  ],
  () => [
    "kafka: client has run out of available brokers to talk to: dial tcp 10.96.12.3:9092: i/o timeout",
  ],
  (name: string) => [
    `pymysql.err.OperationalError: (2003, "Can't connect to MySQL server on '${name}-mysql' ([Errno 111] Connection refused)")`,
  ],
  () => [
    "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.",
  ],
  () => [
    "org.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct.",
  ],
] as const;

const failingDependency: CaseMaker = {
  cause: "failing_dependency",
  make: (scene) =>
    crashing(scene, {
      end: { exitCode: 1, reason: "Error", minutes: 1, ranMinutes: 0.5 },
      lines: ["starting", ...scene.random.pick(DEPENDENCIES)(scene.app)],
    }),
};

const badCommand: CaseMaker = {
  cause: "bad_command",
  make: (scene) => (scene.random.chance(0.6) ? notStarted(scene) : shellDidNotFind(scene)),
};

/** runc's answer as containerd gives it on; reason StartError, exit code 128, no start (cri, container_start.go). */
function notStarted(scene: Scene): Told {
  const command = scene.random.pick(["/app/servr", "pyton", "./run.sh"]);
  const why = scene.random.pick([
    `exec: "${command}": executable file not found in $PATH`,
    `exec: "${command}": stat ${command}: no such file or directory`,
    `exec: "${command}": permission denied`,
  ]);
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${why}`;
  const end = { exitCode: 128, reason: "StartError", message, minutes: 2, ranMinutes: 0 };
  const told = crashing(scene, {
    end,
    lines: [],
    parts: { container: { command: [command] } },
  });
  const pods = told.objects.filter(
    ({ kind, metadata }) => kind === "Pod" && isOf(told, metadata.name),
  );
  const failed = pods.map((pod) =>
    event(scene, pod, "Failed", `Error: ${message}`, { count: 5, first: 30, last: 2 }),
  );
  return { ...told, objects: [...told.objects, ...failed] };
}

const isOf = ({ logs = [] }: Told, name: string) => logs.some(({ pod }) => pod === name);

/** A shell that does not find what it is told to run ends with 127, or 126 when it may not (POSIX, 2.8.2). */
function shellDidNotFind(scene: Scene): Told {
  const [code, word] = scene.random.pick([
    [127, "not found"],
    [126, "Permission denied"],
  ] as const);
  return crashing(scene, {
    end: { exitCode: code, reason: "Error", minutes: 1, ranMinutes: 0 },
    lines: [`/bin/sh: 1: ./start-${scene.app}.sh: ${word}`],
    parts: { container: { command: ["/bin/sh", "-c", `./start-${scene.app}.sh`] } },
  });
}

export const crashes = [oomLimit, oomNode, appExit, failingDependency, badCommand];
