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

/** A volume may be used in its own zone alone (its nodeAffinity): a pod waits while no node there takes pods. */
export const volumeZone: Analyzer = (scope, snapshot) => {
  if (!readWhole(snapshot, "nodes", "persistentvolumes")) return [];
  const waiting = scope.pods.filter(
    (pod) => pod.spec.nodeName === "" && unschedulable(pod) !== undefined,
  );
  const open = openZones(snapshot);
  if (waiting.length === 0 || open.size === 0) return [];
  return boundVolumes(scope, snapshot).flatMap((volume) => {
    const zones = zonesOf(volume);
    const closed = zones.length > 0 && !zones.some((zone) => open.has(zone));
    return closed ? [zoneFinding(volume, zones, open, waiting.slice(0, 5))] : [];
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

/** Volumes of the scope's claims. */
function boundVolumes(scope: Scope, snapshot: Snapshot): readonly KubeObject[] {
  const names = new Set(
    scoped(scope, "persistentvolumeclaims").flatMap((claim) => volumeNameOf(claim) ?? []),
  );
  return snapshot.of("persistentvolumes").filter(({ metadata }) => names.has(metadata.name));
}

const claimSchema = z.object({
  spec: z.object({ volumeName: z.string().optional() }).prefault({}),
});

function volumeNameOf(claim: KubeObject): string | undefined {
  return claimSchema.parse(claim).spec.volumeName;
}

function zonesOf(volume: KubeObject): readonly string[] {
  const terms = volumeSchema.parse(volume).spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchExpressions }) =>
    matchExpressions
      .filter(({ key, operator }) => ZONE.test(key) && operator === "In")
      .flatMap(({ values }) => values),
  );
}

function zoneFinding(
  volume: KubeObject,
  zones: readonly string[],
  open: ReadonlySet<string>,
  waiting: Scope["pods"],
): Finding {
  const object = label("PersistentVolume", volume);
  return {
    cause: "volume_zone",
    confidence: "certain",
    summary: `${object} lies in zone ${zones.join(", ")}, and the nodes that take pods are in ${[...open].sort().join(", ")}.`,
    evidence: [
      { object, field: "spec.nodeAffinity", value: `zone in ${zones.join(", ")}` },
      ...waiting.slice(0, 1).map((pod) => ({
        object: label("Pod", pod),
        field: "status.conditions[PodScheduled]",
        value: unschedulable(pod) ?? "",
      })),
    ],
    affected: waiting.map((pod) => label("Pod", pod)),
    remedy: "Add or uncordon a node in the volume's zone; a volume cannot be moved to another.",
    next: { tool: "kubectl_get", args: { resource_type: "nodes" } },
  };
}
