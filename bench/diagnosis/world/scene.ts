import type { Random } from "../random.ts";
import type { Fields, Manifest, MoreMetadata } from "./manifest.ts";

/** Where a case takes place: its names, its time, its chances. */
export interface Scene {
  readonly random: Random;
  readonly now: Date;
  readonly namespace: string;
  /** The workload that the case is about. */
  readonly app: string;
  readonly image: string;
  /** A second container runs in each of its pods. */
  readonly sidecar: boolean;
  /** Nodes of the cluster with their zones. */
  readonly nodes: readonly Place[];
}

export interface Place {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
}

const NAMES = [
  "checkout",
  "orders",
  "ledger",
  "catalog",
  "search",
  "notifier",
  "profile",
  "quotes",
];
const SUFFIXES = ["", "-api", "-worker", "-svc", "-web", "-v2", "-gateway", "-sync"];
const NAMESPACES = ["shop", "data", "platform", "billing", "growth", "media", "risk", "core"];
const REGISTRIES = [
  "registry.example.com/team",
  "docker.io/example",
  "ghcr.io/example",
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
];

/** The namespace ends in `unique`, and so do the nodes, so that many cases fit into one cluster. */
export function sceneOf(random: Random, now: Date, unique: string): Scene {
  const app = `${random.pick(NAMES)}${random.pick(SUFFIXES)}`;
  const version = `${random.int(1, 4)}.${random.int(0, 19)}.${random.int(0, 9)}`;
  return {
    random,
    now,
    app,
    namespace: `${random.pick(NAMESPACES)}-${unique}`,
    image: `${random.pick(REGISTRIES)}/${app}:${version}`,
    sidecar: random.chance(0.25),
    nodes: places(random, unique),
  };
}

function places(random: Random, unique: string): readonly Place[] {
  const third = random.int(10, 240);
  return Array.from({ length: random.int(3, 5) }, (_, index) => ({
    name: `ip-10-0-${third}-${20 + index}.${unique}.internal`,
    zone: `eu-west-1${"abc".charAt(index % 3)}`,
    address: `10.0.${third}.${20 + index}`,
  }));
}

/** ISO 8601 to the second, as the API writes times. */
export function ago(scene: Scene, minutes: number): string {
  const time = scene.now.getTime() - Math.round(minutes * 60) * 1000;
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** An object of the case's namespace. */
export function object(
  scene: Scene,
  [apiVersion, kind, name]: readonly [string, string, string],
  parts: Fields = {},
  { ageMinutes, ...metadata }: MoreMetadata = {},
): Manifest {
  return clusterObject(scene, [apiVersion, kind, name], parts, {
    namespace: scene.namespace,
    ageMinutes: ageMinutes ?? scene.random.int(2_000, 40_000),
    ...metadata,
  });
}

/** An object of no namespace, unless the metadata names one. */
export function clusterObject(
  scene: Scene,
  [apiVersion, kind, name]: readonly [string, string, string],
  parts: Fields = {},
  { ageMinutes = 40_000, ...metadata }: MoreMetadata = {},
): Manifest {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      uid: scene.random.uid(),
      resourceVersion: String(scene.random.int(10_000, 9_999_999)),
      creationTimestamp: ago(scene, ageMinutes),
      ...metadata,
    },
    ...parts,
  };
}

/** The scene for another workload of the same namespace. */
export function neighbour(scene: Scene, app: string): Scene {
  return { ...scene, app, image: scene.image.replace(scene.app, app) };
}
