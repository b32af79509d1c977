import type { Fields, Manifest } from "./manifest.ts";
import { ago, clusterObject, type Scene } from "./scene.ts";

export interface EventParts {
  readonly type?: "Normal" | "Warning";
  readonly count?: number;
  /** First and last seen, minutes ago. */
  readonly first?: number;
  readonly last?: number;
  readonly component?: string;
  readonly fieldPath?: string;
  /** Written as the newer API does: a series instead of counts. */
  readonly series?: boolean;
}

/** An event about an object. Those of cluster-wide objects lie in the namespace `default`. */
export function event(
  scene: Scene,
  about: Manifest,
  reason: string,
  message: string,
  parts: EventParts = {},
): Manifest {
  const { type = "Warning", component = "kubelet" } = parts;
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const involvedObject = {
    apiVersion: about.apiVersion,
    kind: about.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    resourceVersion,
    ...(parts.fieldPath === undefined ? {} : { fieldPath: parts.fieldPath }),
  };
  const body = { type, reason, message, involvedObject, ...times(scene, parts, component) };
  return clusterObject(
    scene,
    ["v1", "Event", `${name}.${scene.random.uid().replaceAll("-", "").slice(0, 16)}`],
    body,
    { namespace: namespace ?? "default", ageMinutes: parts.first ?? parts.last ?? 1 },
  );
}

function times(scene: Scene, parts: EventParts, component: string): Fields {
  const { count = 1, last = 1, first = last + (count > 1 ? 12 : 0), series = false } = parts;
  if (!series) {
    return {
      count,
      firstTimestamp: ago(scene, first),
      lastTimestamp: ago(scene, last),
      source: { component },
      reportingComponent: component,
      reportingInstance: "",
    };
  }
  const precise = (minutes: number) => ago(scene, minutes).replace("Z", ".000000Z");
  return {
    eventTime: precise(first),
    firstTimestamp: null,
    lastTimestamp: null,
    action: "Binding",
    source: {},
    reportingComponent: component,
    reportingInstance: `${component}-1`,
    ...(count > 1 ? { series: { count, lastObservedTime: precise(last) } } : {}),
  };
}

/** What every pod's start leaves behind. kubelet, events/event.go and kuberuntime_container.go. */
export function startEvents(scene: Scene, pod: Manifest, minutes: number): readonly Manifest[] {
  const normal = (reason: string, message: string) =>
    event(scene, pod, reason, message, { type: "Normal", last: minutes });
  return [
    normal("Pulled", `Container image "${scene.image}" already present on machine`),
    normal("Created", "Container created"),
    normal("Started", "Container started"),
  ];
}
