import type { CaseMaker, Told } from "../case.ts";
import { running, waiting } from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Fields, Manifest } from "../world/manifest.ts";
import { ago, clusterObject, type Place, type Scene } from "../world/scene.ts";
import { statefulSet } from "../world/sets.ts";
import type { App } from "../world/templates.ts";
import { boundStatus, claim, claimed, volumeOf } from "../world/volumes.ts";
import { deployment } from "../world/workloads.ts";

interface Stuck {
  readonly app: App;
  readonly volume: string;
  readonly claims: readonly Manifest[];
  readonly places: readonly [Place, Place];
  readonly minutes: number;
}

/** A pod that waits for its volume on another node than the one before. */
function stuck(scene: Scene): Stuck {
  const minutes = scene.random.int(8, 50);
  const [here, there] = scene.nodes;
  if (!here || !there) throw new Error("two nodes are needed");
  const name = `${scene.app}-data`;
  const volume = `pvc-${scene.random.uid()}`;
  const set = scene.random.chance(0.5);
  const make = set ? statefulSet : deployment;
  const app = make(scene, {
    rolledOutMinutes: minutes,
    podSpec: claimed(scene, name),
    pods: [{ node: there, phase: "Pending", states: [waiting("ContainerCreating")] }],
  });
  const spec = { storageClassName: "gp3", volumeName: volume };
  const zone = {
    key: "topology.kubernetes.io/zone",
    operator: "In",
    values: scene.nodes.map((each) => each.zone),
  };
  const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions: [zone] }] } };
  const claims = [
    claim(scene, name, spec, boundStatus),
    volumeOf(scene, volume, name, { nodeAffinity }),
  ];
  return { app, volume, claims, places: [here, there], minutes };
}

const subjectOf = ({ app }: Stuck) =>
  ({
    type: app.owner.kind === "StatefulSet" ? "statefulset" : "deployment",
    name: app.owner.metadata.name,
  }) as const;

function attachment(scene: Scene, volume: string, place: Place, status: Fields): Manifest {
  const spec = {
    attacher: "ebs.csi.aws.com",
    nodeName: place.name,
    source: { persistentVolumeName: volume },
  };
  const name = `csi-${scene.random.uid().replaceAll("-", "")}`;
  return clusterObject(
    scene,
    ["storage.k8s.io/v1", "VolumeAttachment", name],
    { spec, status },
    { ageMinutes: 60 },
  );
}

/** kube-controller-manager, volume/attachdetach: FailedAttachVolume with the driver's words; the kubelet's FailedMount on top. */
function attachFails(scene: Scene): Told {
  const made = stuck(scene);
  const { app, volume, claims, places, minutes } = made;
  const why = scene.random.pick([
    `rpc error: code = Internal desc = Could not attach volume "vol-0ab4" to node "i-04f1": UnauthorizedOperation: You are not authorized to perform this operation`,
    `rpc error: code = DeadlineExceeded desc = context deadline exceeded`,
    `rpc error: code = Internal desc = Could not attach volume "vol-0ab4" to node "i-04f1": attachment limit exceeded`,
    `rpc error: code = NotFound desc = volume vol-0ab4 not found`,
  ]);
  const attachError = { message: why, time: ago(scene, 1) };
  const failed = app.pods.flatMap((pod) => [
    event(
      scene,
      pod,
      "FailedAttachVolume",
      `AttachVolume.Attach failed for volume "${volume}" : ${why}`,
      {
        component: "attachdetach-controller",
        count: minutes,
        first: minutes,
        last: 1,
      },
    ),
    event(
      scene,
      pod,
      "FailedMount",
      "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition",
      { count: 4, first: minutes - 2, last: 2 },
    ),
  ]);
  return {
    subject: subjectOf(made),
    objects: [
      ...app.objects,
      ...claims,
      attachment(scene, volume, places[1], { attached: false, attachError }),
      ...failed,
    ],
  };
}

/** Attached, and the node cannot mount it: kubelet, volume/util/operationexecutor/operation_generator.go. */
function mountFails(scene: Scene): Told {
  const made = stuck(scene);
  const { app, volume, claims, places, minutes } = made;
  const why = scene.random.pick([
    `MountVolume.MountDevice failed for volume "${volume}" : rpc error: code = Internal desc = could not format "/dev/nvme1n1" and mount it: mount failed: exit status 32`,
    `MountVolume.MountDevice failed for volume "${volume}" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ebs.csi.aws.com not found in the list of registered CSI drivers`,
  ]);
  const times = { count: minutes, first: minutes, last: 1 };
  return {
    subject: subjectOf(made),
    objects: [
      ...app.objects,
      ...claims,
      attachment(scene, volume, places[1], { attached: true }),
      ...app.pods.map((pod) => event(scene, pod, "FailedMount", why, times)),
    ],
  };
}

/** attachdetach/reconciler/reconciler.go reportMultiAttachError. */
function multiAttach(scene: Scene): Told {
  const made = stuck(scene);
  const { app, volume, claims, places } = made;
  const by = scene.random.chance(0.5)
    ? `Volume is already used by pod(s) ${scene.app}-6c4f7d-hx2k9`
    : "Volume is already exclusively attached to one node and can't be attached to another";
  const failed = app.pods.map((pod) =>
    event(scene, pod, "FailedAttachVolume", `Multi-Attach error for volume "${volume}" ${by}`, {
      component: "attachdetach-controller",
      last: made.minutes - 1,
    }),
  );
  return {
    subject: subjectOf(made),
    objects: [
      ...app.objects,
      ...claims,
      attachment(scene, volume, places[0], { attached: true }),
      ...failed,
    ],
  };
}

/** Deleted long ago, and a finalizer that nobody takes away. */
function stuckTerminating(scene: Scene): Told {
  return scene.random.chance(0.5) ? stuckPod(scene) : stuckClaim(scene);
}

function stuckPod(scene: Scene): Told {
  const minutes = scene.random.int(20, 400);
  const finalizer = scene.random.pick(["example.com/backup", "batch.example.com/cleanup"]);
  const app = deployment(scene, {
    replicas: 2,
    pods: [
      {
        states: [running(scene, 5_000)],
        metadata: {
          finalizers: [finalizer],
          deletionTimestamp: ago(scene, minutes),
          deletionGracePeriodSeconds: 30,
        },
      },
      {},
      {},
    ],
  });
  return {
    subject: scene.random.chance(0.5)
      ? { type: "deployment", name: scene.app }
      : { type: "pod", name: app.pods[0]?.metadata.name ?? "" },
    objects: app.objects,
  };
}

function stuckClaim(scene: Scene): Told {
  const name = `${scene.app}-data`;
  const volume = `pvc-${scene.random.uid()}`;
  const spec = { storageClassName: "gp3", volumeName: volume };
  const made = claim(scene, name, spec, boundStatus);
  const metadata = {
    ...made.metadata,
    finalizers: ["snapshot.example.com/pending-copy"],
    deletionTimestamp: ago(scene, scene.random.int(60, 900)),
    deletionGracePeriodSeconds: 0,
  };
  return {
    subject: { type: "pvc", name },
    objects: [{ ...made, metadata }, volumeOf(scene, volume, name)],
  };
}

export const storage: readonly CaseMaker[] = [
  {
    cause: "volume_attach",
    make: (scene) => (scene.random.chance(0.6) ? attachFails(scene) : mountFails(scene)),
  },
  { cause: "multi_attach", make: multiAttach },
  { cause: "stuck_terminating", make: stuckTerminating },
];
