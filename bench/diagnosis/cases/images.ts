import type { CaseMaker, Told } from "../case.ts";
import { crashLoop, waiting } from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Manifest } from "../world/manifest.ts";
import type { Scene } from "../world/scene.ts";
import { statefulSet } from "../world/sets.ts";
import { deployment } from "../world/workloads.ts";

/** What the registry answers, as containerd passes it on (core/remotes/docker/resolver.go, authorizer.go). */
interface Refusal {
  readonly image: string;
  readonly answer: string;
}

const imageNotFound: CaseMaker = {
  cause: "image_not_found",
  make(scene) {
    if (scene.random.chance(0.2)) return invalidName(scene);
    const tag = scene.random.pick(["lates", "9.9.9", "v2-rc"]);
    const image = scene.image.replace(/:.*/, `:${tag}`);
    const repository = image.replace(/:.*/, "");
    return unpulled(scene, {
      image,
      answer: scene.random.pick([
        `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
        `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": unexpected status from HEAD request to https://${repository}/manifests/${tag}: 404 Not Found`,
        `rpc error: code = Unknown desc = Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`,
        `rpc error: code = Unknown desc = initializing source docker://${image}: reading manifest ${tag} in ${repository}: manifest unknown: manifest unknown`,
      ]),
    });
  },
};

/** kubelet, images/image_manager.go: InvalidImageName, before any registry is asked. */
function invalidName(scene: Scene): Told {
  const image = scene.image.replace(scene.app, scene.app.toUpperCase());
  const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format: repository name (${scene.app.toUpperCase()}) must be lowercase`;
  const app = deployment(
    { ...scene, image },
    {
      oldPods: 2,
      rolledOutMinutes: 20,
      pods: [{ phase: "Pending", states: [waiting("InvalidImageName", message)] }],
    },
  );
  const times = { count: 90, first: 20, last: 1, fieldPath: "spec.containers{app}" };
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [
      ...app.objects,
      ...app.pods.flatMap((pod) => [
        event(scene, pod, "InspectFailed", message, times),
        event(scene, pod, "Failed", "Error: InvalidImageName", times),
      ]),
    ],
  };
}

const imageAuth: CaseMaker = {
  cause: "image_auth",
  make(scene) {
    const { image } = scene;
    const [host = ""] = image.split("/");
    const why = scene.random.pick([
      `failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://${host}/token?scope=repository%3A${scene.app}%3Apull: 401 Unauthorized`,
      `pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
      `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://${host}/token: 403 Forbidden`,
      `denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource (or it may not exist)`,
      `pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      `unexpected status from HEAD request to https://${host}/v2/${scene.app}/manifests/latest: 403 Forbidden`,
    ]);
    return unpulled(scene, {
      image,
      answer: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`,
    });
  },
};

const imageArchitecture: CaseMaker = {
  cause: "image_architecture",
  make: (scene) => (scene.random.chance(0.5) ? wrongManifest(scene) : execFormat(scene)),
};

/** containerd, core/images/image.go: no match for platform in manifest. */
function wrongManifest(scene: Scene): Told {
  const { image } = scene;
  return unpulled(scene, {
    image,
    answer: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": no match for platform in manifest: not found`,
  });
}

/** The kernel refuses the binary (execve(2), ENOEXEC); the runtime's starter writes it to the log. */
function execFormat(scene: Scene): Told {
  const end = { exitCode: 255, reason: "Error", minutes: 2, ranMinutes: 0 };
  const app = deployment(scene, {
    oldPods: 2,
    rolledOutMinutes: 25,
    pods: [(name) => ({ states: [crashLoop(scene, name, end)] })],
  });
  const lines = ["exec /usr/local/bin/docker-entrypoint.sh: exec format error"];
  const back = app.pods.map((pod) =>
    event(scene, pod, "BackOff", "Back-off restarting failed container app in pod", { count: 60 }),
  );
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, ...back],
    logs: app.pods.map(({ metadata }) => ({
      pod: metadata.name,
      container: "app",
      previous: true,
      lines,
    })),
  };
}

/** kubelet, images/image_manager.go: events Pulling, Failed, BackOff; ErrImagePull, then ImagePullBackOff with its cause. */
function unpulled(scene: Scene, refusal: Refusal): Told {
  const minutes = scene.random.int(4, 55);
  const fresh = scene.random.chance(0.3);
  const { image, answer } = refusal;
  const set = scene.random.chance(0.2);
  const make = set ? statefulSet : deployment;
  const app = make(
    { ...scene, image },
    {
      oldPods: scene.random.int(2, 4),
      rolledOutMinutes: minutes,
      pods: Array.from({ length: scene.random.int(1, 2) }, () => ({
        phase: "Pending",
        states: [
          fresh
            ? waiting("ErrImagePull", answer)
            : waiting(
                "ImagePullBackOff",
                `Back-off pulling image "${image}": ErrImagePull: ${answer}`,
              ),
        ],
      })),
    },
  );
  return {
    subject: scene.random.chance(0.7)
      ? { type: set ? "statefulset" : "deployment", name: scene.app }
      : { type: "pod", name: app.pods[0]?.metadata.name ?? "" },
    objects: [
      ...app.objects,
      ...app.pods.flatMap((pod) => pullEvents(scene, pod, refusal, minutes)),
    ],
  };
}

function pullEvents(scene: Scene, pod: Manifest, { image, answer }: Refusal, minutes: number) {
  const count = Math.min(5, 1 + Math.floor(minutes / 3));
  const times = { count, first: minutes, last: scene.random.int(1, 3) };
  const path = { fieldPath: "spec.containers{app}" };
  const failed = (message: string) => event(scene, pod, "Failed", message, { ...times, ...path });
  return [
    event(scene, pod, "Pulling", `Pulling image "${image}"`, { ...times, ...path, type: "Normal" }),
    failed(`Failed to pull image "${image}": ${answer}`),
    failed("Error: ErrImagePull"),
    event(scene, pod, "BackOff", `Back-off pulling image "${image}"`, {
      ...times,
      ...path,
      type: "Normal",
      count: count * 6,
    }),
    failed("Error: ImagePullBackOff"),
  ];
}

export const images = [imageNotFound, imageAuth, imageArchitecture];
