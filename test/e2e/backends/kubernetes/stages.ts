/**
 * What the simulated kubelet does with pods, as kwok stages. A pod becomes ready at once unless
 * - its annotation `kubelet.test/behaves` says crashloop, oom, notready or creating, or
 * - one of its images is called `…does-not-exist…`: then the image cannot be pulled.
 * A pod that asks for more CPU than a node has is left unscheduled by the real scheduler.
 */
export const BEHAVES = "kubelet.test/behaves";

const behaves = `.metadata.annotations["${BEHAVES}"]`;
const badImage = '.spec.containers.[].image | select(test("does-not-exist"))';

interface Match {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

const alive: Match = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
const fresh: readonly Match[] = [
  alive,
  { key: ".status.phase", operator: "In", values: ["Pending"] },
  { key: ".status.containerStatuses.[].name", operator: "DoesNotExist" },
];
const running: Match = { key: ".status.phase", operator: "In", values: ["Running"] };
const ordinary: Match = { key: behaves, operator: "DoesNotExist" };
const behaving = (how: string): Match => ({ key: behaves, operator: "In", values: [how] });
const ofJob: Match = { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] };
const pullable = (operator: "Exists" | "DoesNotExist"): Match => ({ key: badImage, operator });

type Step = Readonly<Record<string, unknown>>;

const status = (template: string): Step => ({
  patch: { subresource: "status", root: "status", template },
});
const event = (type: string, reason: string, message: string): Step => ({
  event: { type, reason, message },
});

function stage(
  name: string,
  match: readonly Match[],
  steps: readonly Step[],
  { delaySeconds = 0, kind = "Pod" } = {},
) {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector: { matchExpressions: match },
      ...(delaySeconds > 0 ? { delay: { durationMilliseconds: delaySeconds * 1000 } } : {}),
      steps,
    },
  };
}

/** Go templates that write YAML; `$pod` is the pod, `$c` one of its containers. */
const head = "{{ $now := Now }}\n{{ $pod := . }}";
const place = `
{{ with NodeIPsWith .spec.nodeName }}hostIP: {{ index . 0 | Quote }}{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}podIP: {{ index . 0 | Quote }}{{ end }}
startTime: {{ $now | Quote }}`;

function conditions(ready: boolean): string {
  const line = (type: string, yes: boolean) =>
    `- { type: ${type}, status: "${yes ? "True" : "False"}", lastTransitionTime: {{ $now | Quote }}${yes ? "" : ", reason: ContainersNotReady"} }`;
  return [
    "conditions:",
    line("Initialized", true),
    line("Ready", ready),
    line("ContainersReady", ready),
  ].join("\n");
}

function containers(lines: readonly string[], restarts = "0"): string {
  return `
containerStatuses:
{{ range $index, $c := .spec.containers }}
- name: {{ $c.name | Quote }}
  image: {{ $c.image | Quote }}
  imageID: {{ $c.image | Quote }}
  containerID: {{ printf "test://%s/%s" $pod.metadata.uid $c.name | Quote }}
  restartCount: ${restarts}
${lines.map((line) => `  ${line}`).join("\n")}
{{ end }}`;
}

const up = (ready: boolean) => [
  "started: true",
  `ready: ${ready}`,
  "state: { running: { startedAt: {{ $now | Quote }} } }",
];
const ended = (reason: string, exitCode: number) =>
  `{ terminated: { exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }`;
const waiting = (reason: string, message: string) => [
  "started: false",
  "ready: false",
  `state: { waiting: { reason: ${reason}, message: '${message}' } }`,
];
const done = ["started: false", "ready: false", `state: ${ended("Completed", 0)}`];

const whole = (ready: boolean, body: string, phase: string) =>
  status(`${head}\n${conditions(ready)}${body}${place}\nphase: ${phase}`);

/** Fails at once, waits to be restarted, and fails again every ten seconds. */
function crashing(how: string, reason: string, exitCode: number) {
  const lines = [
    ...waiting(
      "CrashLoopBackOff",
      "back-off 5m0s restarting failed container={{ $c.name }} pod={{ $pod.metadata.name }}",
    ),
    `lastState: ${ended(reason, exitCode)}`,
  ];
  const backOff = event("Warning", "BackOff", "Back-off restarting failed container");
  const once =
    "{{ with index $pod.status.containerStatuses $index }}{{ add .restartCount 1 }}{{ end }}";
  return [
    stage(
      how,
      [...fresh, behaving(how)],
      [whole(false, containers(lines, "1"), "Running"), backOff],
    ),
    stage(
      `${how}-again`,
      [alive, running, behaving(how)],
      [status(`${head}${containers(lines, once)}`), backOff],
      { delaySeconds: 10 },
    ),
  ];
}

const unpulled = waiting("ImagePullBackOff", 'Back-off pulling image "{{ $c.image }}"');
const starting = waiting("ContainerCreating", "");

export const stages = [
  stage(
    "ready",
    [...fresh, ordinary, pullable("DoesNotExist")],
    [whole(true, containers(up(true)), "Running"), event("Normal", "Started", "Started container")],
  ),
  stage(
    "bad-image",
    [...fresh, ordinary, pullable("Exists")],
    [
      whole(false, containers(unpulled), "Pending"),
      event("Warning", "Failed", "Failed to pull image: not found"),
      event("Warning", "Failed", "Error: ImagePullBackOff"),
    ],
  ),
  stage(
    "notready",
    [...fresh, behaving("notready")],
    [
      whole(false, containers(up(false)), "Running"),
      event(
        "Warning",
        "Unhealthy",
        "Readiness probe failed: HTTP probe failed with statuscode: 503",
      ),
    ],
  ),
  stage(
    "creating",
    [...fresh, behaving("creating")],
    [whole(false, containers(starting), "Pending")],
  ),
  ...crashing("crashloop", "Error", 1),
  ...crashing("oom", "OOMKilled", 137),
  stage(
    "complete",
    [alive, running, ofJob, ordinary],
    [whole(false, containers(done), "Succeeded")],
  ),
  stage(
    "delete",
    [
      { key: ".metadata.deletionTimestamp", operator: "Exists" },
      { key: ".metadata.finalizers", operator: "DoesNotExist" },
    ],
    [{ delete: true }],
  ),
  // Nodes are made ready; kwok renews the leases of those that it has a stage for.
  stage("node", [{ key: ".metadata.name", operator: "DoesNotExist" }], [status("phase: Running")], {
    kind: "Node",
  }),
];
