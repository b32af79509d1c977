import { expect, test } from "vitest";
import {
  ago,
  condition,
  container,
  event,
  object,
  ownedBy,
  pod,
  running,
  terminated,
  waiting,
} from "../../../support/objects.ts";
import { examined, told, toldOf, webPod } from "./examined.ts";

const BACK_OFF = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=app");
const crashing = (exitCode: number, reason = "Error", more = {}) => ({
  containers: [
    container(BACK_OFF, { restartCount: 6, lastState: terminated(exitCode, reason), ...more }),
  ],
});
const limited = {
  containers: [{ name: "app", image: "etl:1", resources: { limits: { memory: "256Mi" } } }],
};

test("an application that ends by itself, with its last words", () => {
  const lines = ["starting", "Error: cannot parse settings.yaml: line 3"];
  expect(toldOf(crashing(1), [], { lines })).toEqual([
    'app_exit (certain): Container app ends by itself with exit code 1 and was restarted 6 times; its last words: "Error: cannot parse settings.yaml: line 3".',
  ]);
  expect(toldOf(crashing(0, "Completed"))).toEqual([
    "app_exit (likely): Container app ends by itself with exit code 0 (done) and was restarted 6 times.",
  ]);
});

test("memory: its own limit, or the node's", () => {
  const own = { ...crashing(137, "OOMKilled"), spec: limited };
  expect(toldOf(own)).toEqual([
    "oom_limit (certain): Container app was killed because it used more memory than its limit of 256Mi.",
  ]);
  const message = "System OOM encountered, victim process: etl, pid: 4711";
  const system = [event("Node/node-a", "SystemOOM", { message, minutesAgo: 3 })];
  expect(toldOf(own, system)).toEqual([
    "oom_node (certain): Container app was killed because node node-a ran out of memory, not its own limit.",
  ]);
  expect(toldOf(crashing(137, "Error"), system)).toEqual([
    "oom_node (certain): Container app was killed because node node-a ran out of memory; the container has no memory limit.",
  ]);
  const elsewhere = [event("Node/node-b", "SystemOOM", { message, minutesAgo: 3 })];
  expect(toldOf(own, elsewhere)).toEqual(toldOf(own));
});

test.each([
  [
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "etl": executable file not found in $PATH: unknown',
    'bad_command (certain): The command of container app cannot be started: "exec: \\"etl\\": executable file not found in $PATH: unknown".',
  ],
  [
    'failed to create shim task: unable to start container process: exec: "/etl": exec format error: unknown',
    'image_architecture (certain): Container app holds a program of another architecture than the node\'s: "exec: \\"/etl\\": exec format error: unknown".',
  ],
  [
    'failed to create shim task: unable to start container process: error mounting "/x" to rootfs at "/y": not a directory',
    'config_error (certain): Container app cannot be set up as it is described: "error mounting \\"/x\\" to rootfs at \\"/y\\": not a directory".',
  ],
])("a container that never ran: %s", (message, text) => {
  const lastState = {
    terminated: { exitCode: 128, reason: "StartError", message, finishedAt: ago(2) },
  };
  expect(toldOf({ containers: [container(BACK_OFF, { restartCount: 4, lastState })] })).toEqual([
    text,
  ]);
});

test("codes 126 and 127 are a shell's words for a command", () => {
  const lines = ["sh: 1: etl-run: not found"];
  expect(toldOf(crashing(127), [], { lines })).toEqual([
    'bad_command (likely): The command of container app cannot be started: "sh: 1: etl-run: not found".',
  ]);
});

test.each([
  "dial tcp 10.0.4.7:5432: connect: connection refused",
  'FATAL:  password authentication failed for user "etl"',
  "Error: connect ECONNREFUSED 10.0.4.7:6379",
  "dial tcp: lookup ledger on 10.0.0.10:53: no such host",
])("a dependency that fails it: %s", (line) => {
  const [text = ""] = toldOf(crashing(1), [], { lines: ["starting", line] });
  expect(text).toMatch(/^failing_dependency \(likely\): Container app ends because/);
});

test("the dependency is the next to look at, where a line names its Service", () => {
  const spec = { clusterIP: "10.0.4.7", selector: { app: "ledger" } };
  const services = [
    object("web", { spec: { selector: { app: "web" } } }),
    object("ledger", { spec }),
  ];
  const lines = ["web: dial tcp 10.0.4.7:5432: connect: connection refused"];
  const { findings } = examined({ pods: [webPod(crashing(1))], services }, { lines });
  expect(findings[0]?.summary).toMatch(/ends because Service ledger does not answer/);
  expect(findings[0]?.next).toEqual({
    tool: "diagnose_workload",
    args: { resource_type: "service", name: "ledger", namespace: "data" },
  });
});

test("a dependency that came back is not why a run ended", () => {
  const lines = [
    "redis: connection refused, retrying",
    "redis connected",
    "fatal: region is required",
  ];
  expect(toldOf(crashing(1), [], { lines })[0]).toMatch(/^app_exit/);
  const given = ["redis: connection refused, retrying", "error: giving up, exiting"];
  expect(toldOf(crashing(1), [], { lines: given })[0]).toMatch(/^failing_dependency/);
});

test("an old line about a dependency is not why a run ended", () => {
  const lines = ["redis: connection refused, going on without", ...Array(20).fill("working")];
  expect(toldOf(crashing(1), [], { lines: [...lines, "panic: nil map"] })[0]).toMatch(/^app_exit/);
});

test("what a node's shutdown or a Job's retry left behind accuses nobody", () => {
  const ended = {
    status: { phase: "Failed", reason: "Terminated" },
    containers: [container(terminated(137, "Error"))],
  };
  expect(toldOf(ended)).toEqual([]);
  const job = object("import", { status: { active: 1, failed: 1 } });
  const failed = pod("import-a", {
    metadata: ownedBy("Job", "import"),
    status: { phase: "Failed" },
    containers: [container(terminated(1, "Error"))],
  });
  const again = pod("import-b", { metadata: ownedBy("Job", "import") });
  expect(told({ jobs: [job], pods: [failed, again] }, {}, "jobs")).toEqual([]);
  expect(told({ jobs: [job], pods: [failed] }, {}, "jobs")[0]).toMatch(/^app_exit/);
});

test("names that are not resolved though they exist, or by a resolver that fails", () => {
  const world = { services: [object("ledger", { spec: { selector: { app: "ledger" } } })] };
  const unknown = ["dial tcp: lookup ledger on 10.0.0.10:53: no such host"];
  expect(toldOf(crashing(1), [], { lines: unknown, world })).toEqual([
    'dns_failure (likely): Container app cannot resolve "ledger".',
  ]);
  const failing = ["getaddrinfo EAI_AGAIN api.example.com"];
  const dns = [
    object("coredns-1", { spec: {}, status: { phase: "Pending" } }, { namespace: "kube-system" }),
  ];
  expect(toldOf(crashing(1), [], { lines: failing, dns })).toEqual([
    'dns_failure (certain): Container app cannot resolve "api.example.com", and 1 of the cluster\'s DNS pods are not ready.',
  ]);
});

test("a liveness probe that restarts a container", () => {
  const livenessProbe = {
    httpGet: { path: "/live", port: 8080 },
    initialDelaySeconds: 5,
    periodSeconds: 5,
  };
  const spec = { containers: [{ name: "app", image: "etl:1", livenessProbe }] };
  const events = [
    event("Pod/web-2-a", "Killing", {
      type: "Normal",
      message: "Container app failed liveness probe, will be restarted",
      count: 5,
    }),
    event("Pod/web-2-a", "Unhealthy", {
      message:
        'Liveness probe failed: Get "http://10.0.0.1:8080/live": dial tcp 10.0.0.1:8080: connect: connection refused',
    }),
  ];
  expect(toldOf({ ...crashing(137), spec }, events)).toEqual([
    "liveness_probe (certain): Container app was restarted 6 times because its liveness probe fails. The probe allows 20 s after a start.",
  ]);
  expect(toldOf({ ...crashing(1), spec }, events.slice(1))[0]).toMatch(/^app_exit/);
});

test("an init container that fails keeps the others from starting", () => {
  const pod = {
    spec: { initContainers: [{ name: "migrate", image: "etl:1" }] },
    status: {
      phase: "Pending",
      initContainerStatuses: [
        { name: "migrate", restartCount: 3, state: BACK_OFF, lastState: terminated(2, "Error") },
      ],
    },
    containers: [container(waiting("PodInitializing"))],
  };
  expect(toldOf(pod, [], { lines: ["relation orders does not exist"] })).toEqual([
    "init_container_failed (certain): Init container migrate fails with exit code 2, so the pod's containers do not start.",
  ]);
});

test("what is over accuses nobody", () => {
  const recovered = container(running, { restartCount: 9, lastState: terminated(1, "Error", 90) });
  const once = container(running, { restartCount: 1, lastState: terminated(1, "Error", 5) });
  const old = [event("Pod/web-2-a", "BackOff", { minutesAgo: 80, message: "Back-off" })];
  expect(toldOf({ containers: [recovered] }, old)).toEqual([]);
  expect(toldOf({ containers: [once] })).toEqual([]);
  expect(examined({ pods: [webPod({ containers: [recovered] })] }).state).toBe("healthy");
});

test("between two crashes a container runs", () => {
  const between = container(running, { restartCount: 9, lastState: terminated(1, "Error", 4) });
  expect(toldOf({ containers: [between] })[0]).toMatch(/^app_exit/);
});

test("an eviction counts for an hour", () => {
  const evicted = (minutes: number) => ({
    status: {
      phase: "Failed",
      reason: "Evicted",
      message: "The node was low on resource: memory. Threshold quantity: 100Mi, available: 40Mi.",
      conditions: [{ ...condition("DisruptionTarget", "True"), lastTransitionTime: ago(minutes) }],
    },
    containers: [],
  });
  expect(toldOf(evicted(10))).toEqual([
    "evicted (certain): Pod data/web-2-a was evicted from node node-a: the node was short of memory.",
  ]);
  expect(toldOf(evicted(200))).toEqual([]);
});

test("a pod that does not go", () => {
  const gone = (finalizers: readonly string[]) => ({
    metadata: { deletionTimestamp: ago(30), finalizers },
  });
  expect(toldOf(gone(["example.com/drain"]))).toEqual([
    'stuck_terminating (certain): Pod data/web-2-a should have been gone 30m ago, and finalizer "example.com/drain" holds it.',
  ]);
  expect(toldOf(gone([]))).toEqual([
    "stuck_terminating (likely): Pod data/web-2-a should have been gone 30m ago, and node node-a has not reported its end.",
  ]);
  expect(toldOf({ metadata: { deletionTimestamp: ago(-0.5) } })).toEqual([]);
});

test("several pods with the same fault are one finding", () => {
  const pods = ["a", "b", "c"].map((end) => webPod(crashing(1), `web-2-${end}`));
  expect(told({ pods })).toEqual([
    "app_exit (likely): Container app ends by itself with exit code 1 and was restarted 6 times. The same in 2 more pods.",
  ]);
});
