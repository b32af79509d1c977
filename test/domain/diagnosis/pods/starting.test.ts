import { expect, test } from "vitest";
import {
  ago,
  condition,
  container,
  deployment,
  event,
  object,
  waiting,
} from "../../../support/objects.ts";
import { examined, toldOf, webPod } from "./examined.ts";

const pending = (reason: string, message = "") => ({
  status: { phase: "Pending" },
  containers: [container(waiting(reason, message))],
});
const pullFailed = (words: string) => [
  event("Pod/web-2-a", "Failed", { message: `Failed to pull image "etl:1": ${words}`, count: 4 }),
];

test.each([
  [
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/etl:1": failed to resolve reference "docker.io/library/etl:1": docker.io/library/etl:1: not found',
    'image_not_found (certain): Image "etl:1" of container app cannot be pulled: the registry has no such name or tag.',
  ],
  [
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    'image_auth (likely): Image "etl:1" of container app cannot be pulled: the registry refuses the credentials, or hides that the name does not exist.',
  ],
  [
    "failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.example.com/token: 401 Unauthorized",
    'image_auth (certain): Image "etl:1" of container app cannot be pulled: the registry refuses the credentials, or hides that the name does not exist.',
  ],
  [
    'failed to pull and unpack image "docker.io/library/etl:1": no match for platform in manifest: not found',
    'image_architecture (certain): Image "etl:1" of container app cannot be pulled: it is not built for the node\'s architecture.',
  ],
  [
    "read tcp 10.0.0.1:443: i/o timeout",
    'image_not_found (possible): Image "etl:1" of container app cannot be pulled: the registry\'s answer is not known.',
  ],
])("an image that is not pulled: %s", (words, text) => {
  const pod = pending("ImagePullBackOff", 'Back-off pulling image "etl:1"');
  expect(toldOf(pod, pullFailed(words))).toEqual([text]);
});

test.each([
  [
    'configmap "settings" not found',
    'missing_configmap (certain): ConfigMap "settings" does not exist in namespace data, and the pod needs it to start.',
  ],
  [
    'secret "login" not found',
    'missing_secret (certain): Secret "login" does not exist in namespace data, and the pod needs it to start.',
  ],
  [
    "couldn't find key level in ConfigMap data/settings",
    'missing_key (certain): Key "level" is not in ConfigMap "settings", which the pod needs to start.',
  ],
  [
    "couldn't find key token in Secret data/login",
    'missing_key (certain): Key "token" is not in Secret "login", which the pod needs to start.',
  ],
  [
    'container has runAsNonRoot and image will run as root (pod: "web-2-a_data(1)", container: app)',
    'config_error (certain): Container app cannot be created as it is described: "container has runAsNonRoot and image will run as root".',
  ],
])("a container that kubelet cannot make: %s", (message, text) => {
  expect(toldOf(pending("CreateContainerConfigError", message))).toEqual([text]);
});

const settingsVolume = {
  volumes: [
    { name: "conf", configMap: { name: "settings", items: [{ key: "app.yaml", path: "a" }] } },
  ],
  containers: [{ name: "app", image: "etl:1", volumeMounts: [{ name: "conf" }] }],
};

test.each([
  [
    "FailedMount",
    'MountVolume.SetUp failed for volume "conf" : configmap "settings" not found',
    'missing_configmap (certain): ConfigMap "settings" does not exist in namespace data, and the pod needs it to start.',
  ],
  [
    "FailedMount",
    'MountVolume.SetUp failed for volume "conf" : configmap references non-existent config key: app.yaml',
    'missing_key (certain): Key "app.yaml" is not in ConfigMap "settings", which the pod needs to start.',
  ],
  [
    "FailedAttachVolume",
    'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another',
    'multi_attach (certain): Volume "pvc-1" is still attached to another node than node-a, and it can be attached to one only.',
  ],
  [
    "FailedAttachVolume",
    'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = no such disk',
    'volume_attach (certain): A volume cannot be attached or mounted on node node-a: "AttachVolume.Attach failed for volume \\"pvc-1\\" : rpc error: code = Internal desc = no such disk".',
  ],
])("a volume that does not come: %s, %s", (reason, message, text) => {
  const pod = { ...pending("ContainerCreating"), spec: settingsVolume };
  expect(toldOf(pod, [event("Pod/web-2-a", reason, { message })])).toEqual([text]);
});

test("a reference to what does not exist, once the events are gone", () => {
  const pod = { ...pending("ContainerCreating"), spec: settingsVolume };
  expect(toldOf(pod)).toEqual([
    'missing_configmap (likely): ConfigMap "settings" does not exist in namespace data, and the pod needs it to start.',
  ]);
  const world = { configmaps: [object("settings", { data: { "app.yaml": "" } })] };
  expect(toldOf(pod, [], { world })).toEqual([]);
  expect(toldOf(pod, [], { unread: ["configmaps"] })).toEqual([]);
  const young = { ...pod, metadata: { creationTimestamp: ago(0.5) } };
  expect(toldOf(young)).toEqual([]);
});

test("an optional reference is none", () => {
  const volumes = [{ name: "conf", configMap: { name: "settings", optional: true } }];
  const pod = { ...pending("ContainerCreating"), spec: { ...settingsVolume, volumes } };
  expect(toldOf(pod)).toEqual([]);
});

test("a cache that kubelet has not yet filled is no fault", () => {
  const message =
    'MountVolume.SetUp failed for volume "conf" : failed to sync configmap cache: timed out waiting for the condition';
  const world = { configmaps: [object("settings", { data: {} })] };
  const pod = { ...pending("ContainerCreating"), spec: settingsVolume };
  expect(toldOf(pod, [event("Pod/web-2-a", "FailedMount", { message })], { world })).toEqual([]);
});

test("a scheduling gate", () => {
  const pod = {
    status: {
      phase: "Pending",
      conditions: [condition("PodScheduled", "False", "SchedulingGated", "Scheduling is blocked")],
    },
    spec: { nodeName: "", schedulingGates: [{ name: "queue.example.com/admission" }] },
    containers: [],
  };
  expect(toldOf(pod)).toEqual([
    'scheduling_gate (certain): The pod is not scheduled until its scheduling gate "queue.example.com/admission" is removed.',
  ]);
});

test("a pod that was only just made is starting", () => {
  const young = { ...pending("ContainerCreating"), metadata: { creationTimestamp: ago(1) } };
  expect(examined({ pods: [webPod(young)] }).state).toBe("starting");
});

test("a workload that is scaled to zero is as asked; its Service does not answer", () => {
  const none = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  const world = {
    deployments: [deployment("web", { spec: { replicas: 0 }, status: none })],
    services: [object("web", { spec: { selector: { app: "web" } } })],
    pods: [],
  };
  expect(examined(world).state).toBe("healthy");
  const { state, unwell } = examined(world, {}, "services");
  expect([state, unwell]).toEqual([
    "unclear",
    ["deployment/web is scaled to zero and answers nothing"],
  ]);
});

test("what failed and was replaced says nothing of its workload", () => {
  const failed = { status: { phase: "Failed", reason: "NodeAffinity" }, containers: [] };
  expect(examined({ pods: [webPod(), webPod(failed, "web-2-b")] }).state).toBe("healthy");
});

test("a pod that waits for nothing known is unclear, not healthy", () => {
  const message = "failed to assign an IP address to container";
  const events = [event("Pod/web-2-a", "FailedCreatePodSandBox", { message })];
  const { state, unwell } = examined({ pods: [webPod(pending("ContainerCreating"))], events });
  expect([state, unwell]).toEqual([
    "unclear",
    [`Pod data/web-2-a is ContainerCreating (3h old; FailedCreatePodSandBox: "${message}")`],
  ]);
});
