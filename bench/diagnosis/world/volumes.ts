import type { Fields, Manifest } from "./manifest.ts";
import { clusterObject, object, type Scene } from "./scene.ts";
import { container } from "./templates.ts";

/** The pod's claim, and what mounts it. */
export function claimed(scene: Scene, claim: string): Fields {
  return {
    containers: [container(scene, { volumeMounts: [{ name: "data", mountPath: "/data" }] })],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim } }],
  };
}

export function claim(scene: Scene, name: string, spec: Fields, status: Fields): Manifest {
  const resources = { requests: { storage: "20Gi" } };
  const parts = {
    spec: { accessModes: ["ReadWriteOnce"], resources, volumeMode: "Filesystem", ...spec },
    status,
  };
  return object(scene, ["v1", "PersistentVolumeClaim", name], parts, {
    ageMinutes: 240,
    finalizers: ["kubernetes.io/pvc-protection"],
  });
}

export const boundStatus: Fields = {
  phase: "Bound",
  accessModes: ["ReadWriteOnce"],
  capacity: { storage: "20Gi" },
};

export function volumeOf(scene: Scene, volume: string, claim: string, spec: Fields = {}): Manifest {
  const { namespace } = scene;
  const kept = {
    accessModes: ["ReadWriteOnce"],
    capacity: { storage: "20Gi" },
    claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claim },
    csi: { driver: "ebs.csi.aws.com", volumeHandle: `vol-${scene.random.suffix(12)}` },
    persistentVolumeReclaimPolicy: "Delete",
    storageClassName: "gp3",
    ...spec,
  };
  return clusterObject(scene, ["v1", "PersistentVolume", volume], {
    spec: kept,
    status: { phase: "Bound" },
  });
}
