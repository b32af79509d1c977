import * as z from "zod";
import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer, Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { unschedulable } from "#domain/kubernetes/pods.ts";
import { isCordoned, readNode, zoneOf } from "./node-shape.ts";
import { label, readWhole, scoped } from "./scoped.ts";

const ZONE =
  /^(topology\.kubernetes\.io\/zone|failure-domain\.beta\.kubernetes\.io\/zone|topology\.[\w.-]+\/zone)$/;

const volumeSchema = z.object({
  spec: z
    .object({
      nodeAffinity: z
        .object({
          required: z
            .object({
              nodeSelectorTerms: z
                .array(
                  z.object({
                    matchExpressions: z
                      .array(
                        z.object({
                          key: z.string(),
                          operator: z.string(),
                          values: z.array(z.string()).default([]),
                        }),
                      )
                      .default([]),
                  }),
                )
                .default([]),
            })
            .optional(),
        })
        .optional(),
    })
    .prefault({}),
});

/** The scheduler's words, since Kubernetes 1.34 the second ones. */
const CONFLICT = /volume node affinity conflict|didn't match PersistentVolume's node affinity/;

/**
 * A volume may be used in its own zone alone (its nodeAffinity): a pod waits while no node there takes pods. In a
 * cluster whose nodes were not all read, the scheduler's word is taken for it.
 */
export const volumeZone: Analyzer = (scope, snapshot) => {
  const waiting = scope.pods.filter(
    (pod) => pod.spec.nodeName === "" && unschedulable(pod) !== undefined,
  );
  if (waiting.length === 0) return [];
  const open = readWhole(snapshot, "nodes") ? openZones(snapshot) : undefined;
  const said = waiting.some((pod) => CONFLICT.test(unschedulable(pod) ?? ""));
  if (open === undefined ? !said : open.size === 0) return [];
  return boundVolumes(scope, snapshot).flatMap(({ claim, volume }) => {
    const zones = zonesOf(volume);
    const closed = zones.length > 0 && !zones.some((zone) => open?.has(zone));
    return closed ? [zoneFinding({ claim, volume, zones, open, waiting })] : [];
  });
};

function openZones(snapshot: Snapshot): ReadonlySet<string> {
  const nodes = snapshot.of("nodes").map(readNode);
  const zones = nodes.filter((node) => !isCordoned(node) && isReady(node)).map(zoneOf);
  return new Set(zones.filter((zone) => zone !== undefined));
}

function isReady({ status }: ReturnType<typeof readNode>): boolean {
  return status.conditions.some(({ type, status: held }) => type === "Ready" && held === "True");
}

interface Bound {
  readonly claim: KubeObject;
  readonly volume: KubeObject;
}

/** The scope's claims with their volumes. */
function boundVolumes(scope: Scope, snapshot: Snapshot): readonly Bound[] {
  const volumes = snapshot.of("persistentvolumes");
  return scoped(scope, "persistentvolumeclaims").flatMap((claim) => {
    const name = claimSchema.parse(claim).spec.volumeName;
    const volume = volumes.find(({ metadata }) => metadata.name === name);
    return volume ? [{ claim, volume }] : [];
  });
}

const claimSchema = z.object({
  spec: z.object({ volumeName: z.string().optional() }).prefault({}),
});

function zonesOf(volume: KubeObject): readonly string[] {
  const terms = volumeSchema.parse(volume).spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchExpressions }) =>
    matchExpressions
      .filter(({ key, operator }) => ZONE.test(key) && operator === "In")
      .flatMap(({ values }) => values),
  );
}

interface Closed extends Bound {
  readonly zones: readonly string[];
  /** Absent: not all nodes were read. */
  readonly open: ReadonlySet<string> | undefined;
  readonly waiting: Scope["pods"];
}

function zoneFinding({ claim, volume, zones, open, waiting }: Closed): Finding {
  const object = label("PersistentVolume", volume);
  const elsewhere = open
    ? `the nodes that take pods are in ${[...open].sort().join(", ")}`
    : "the scheduler finds no node there that takes the pod";
  return {
    cause: "volume_zone",
    confidence: open ? "certain" : "likely",
    summary: `${object} lies in zone ${zones.join(", ")}, and ${elsewhere}.`,
    evidence: [
      { object, field: "spec.nodeAffinity", value: `zone in ${zones.join(", ")}` },
      ...waiting.slice(0, 1).map((pod) => ({
        object: label("Pod", pod),
        field: "status.conditions[PodScheduled]",
        value: unschedulable(pod) ?? "",
      })),
    ],
    affected: [
      ...waiting.slice(0, 5).map((pod) => label("Pod", pod)),
      label("PersistentVolumeClaim", claim),
    ],
    remedy: "Add or uncordon a node in the volume's zone; a volume cannot be moved to another.",
    next: { tool: "kubectl_get", args: { resource_type: "nodes" } },
  };
}
