import type { CaseMaker, Told } from "../case.ts";
import { waiting } from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Fields, Manifest } from "../world/manifest.ts";
import { object, type Scene } from "../world/scene.ts";
import { container } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";

type Sort = "ConfigMap" | "Secret";

/** kubelet, kuberuntime_container.go: CreateContainerConfigError; the event Failed says `Error: ` and the same. */
function notCreated(
  scene: Scene,
  message: string,
  spec: Fields,
  others: readonly Manifest[] = [],
): Told {
  const minutes = scene.random.int(5, 50);
  const app = deployment(scene, {
    oldPods: 2,
    rolledOutMinutes: minutes,
    container: spec,
    pods: [{ phase: "Pending", states: [waiting("CreateContainerConfigError", message)] }],
  });
  const times = { count: minutes * 4, first: minutes, last: 1 };
  const failed = app.pods.map((pod) => event(scene, pod, "Failed", `Error: ${message}`, times));
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, ...failed, ...others],
  };
}

/** kubelet, kubelet_pods.go makeEnvironmentVariables: the API's own `not found`. */
function missingInEnv(scene: Scene, sort: Sort): Told {
  const name = `${scene.app}-${scene.random.pick(["settings", "env", "runtime"])}`;
  const message = `${sort.toLowerCase()} "${name}" not found`;
  const from = sort === "ConfigMap" ? { configMapRef: { name } } : { secretRef: { name } };
  return notCreated(scene, message, { envFrom: [from] });
}

/** volume/configmap/configmap.go and volumemanager: FailedMount while the container waits as ContainerCreating. */
function missingInVolume(scene: Scene, sort: Sort): Told {
  const name = `${scene.app}-${scene.random.pick(["files", "tls", "rules"])}`;
  const minutes = scene.random.int(5, 50);
  const source = sort === "ConfigMap" ? { configMap: { name } } : { secret: { secretName: name } };
  const volumeMounts = [{ name: "extra", mountPath: "/etc/extra" }];
  const app = deployment(scene, {
    oldPods: 2,
    rolledOutMinutes: minutes,
    podSpec: {
      containers: [container(scene, { volumeMounts })],
      volumes: [{ name: "extra", ...source }],
    },
    pods: [{ phase: "Pending", states: [waiting("ContainerCreating")] }],
  });
  const message = `MountVolume.SetUp failed for volume "extra" : ${sort.toLowerCase()} "${name}" not found`;
  const times = { count: minutes, first: minutes, last: 1 };
  const failed = app.pods.map((pod) => event(scene, pod, "FailedMount", message, times));
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, ...failed],
  };
}

const missing = (sort: Sort) => (scene: Scene) =>
  scene.random.chance(0.5) ? missingInEnv(scene, sort) : missingInVolume(scene, sort);

/** kubelet, kubelet_pods.go: `couldn't find key %v in ConfigMap %v/%v`. */
function missingKey(scene: Scene): Told {
  if (scene.random.chance(0.35)) return missingItem(scene);
  const sort = scene.random.pick(["ConfigMap", "Secret"] as const);
  const name = `${scene.app}-settings`;
  const key = scene.random.pick(["DB_HOST", "api.url", "FEATURES"]);
  const message = `couldn't find key ${key} in ${sort} ${scene.namespace}/${name}`;
  const ref = { name, key };
  const valueFrom = sort === "ConfigMap" ? { configMapKeyRef: ref } : { secretKeyRef: ref };
  const data = sort === "ConfigMap" ? { "api.uri": "x", MODE: "full" } : { MODE: "ZnVsbA==" };
  const there = object(scene, ["v1", sort, name], {
    ...(sort === "Secret" ? { type: "Opaque" } : {}),
    data,
  });
  return notCreated(scene, message, { env: [{ name: "VALUE", valueFrom }] }, [there]);
}

/** volume/configmap/configmap.go MakePayload: an item that is not in the map. */
function missingItem(scene: Scene): Told {
  const name = `${scene.app}-files`;
  const key = scene.random.pick(["app.yaml", "rules.json"]);
  const minutes = scene.random.int(5, 50);
  const configMap = { name, items: [{ key, path: key }] };
  const app = deployment(scene, {
    oldPods: 2,
    rolledOutMinutes: minutes,
    podSpec: {
      containers: [container(scene, { volumeMounts: [{ name: "files", mountPath: "/etc/app" }] })],
      volumes: [{ name: "files", configMap }],
    },
    pods: [{ phase: "Pending", states: [waiting("ContainerCreating")] }],
  });
  const message = `MountVolume.SetUp failed for volume "files" : configmap references non-existent config key: ${key}`;
  const times = { count: minutes, first: minutes, last: 1 };
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [
      ...app.objects,
      ...app.pods.map((pod) => event(scene, pod, "FailedMount", message, times)),
      object(scene, ["v1", "ConfigMap", name], { data: { "app.yml": "mode: full" } }),
    ],
  };
}

/** kubelet, kuberuntime/security_context_others.go verifyRunAsNonRoot. */
function refusedConfig(scene: Scene): Told {
  const pod = `${scene.app}_${scene.namespace}(${scene.random.uid()})`;
  const [message, securityContext] = scene.random.pick([
    [
      `container has runAsNonRoot and image will run as root (pod: "${pod}", container: app)`,
      { runAsNonRoot: true },
    ],
    [
      `container has runAsNonRoot and image has non-numeric user (web), cannot verify user is non-root (pod: "${pod}", container: app)`,
      { runAsNonRoot: true },
    ],
  ] as const);
  return notCreated(scene, message, { securityContext });
}

export const config: readonly CaseMaker[] = [
  { cause: "missing_configmap", make: missing("ConfigMap") },
  { cause: "missing_secret", make: missing("Secret") },
  { cause: "missing_key", make: missingKey },
  { cause: "config_error", make: refusedConfig },
];
