import type { Cause } from "#domain/diagnosis/cause.ts";
import type { Finding, NextCall } from "#domain/diagnosis/finding.ts";
import { objectAnalyzers } from "#domain/diagnosis/objects/index.ts";
import type { Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeObject, type ResourceKind, workloadKinds } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { catalogue } from "#tools/index.ts";
import { NOW } from "../../../support/objects.ts";

export type World = Partial<Record<ResourceKind, readonly KubeObject[]>>;

interface Parts {
  readonly unread?: readonly ResourceKind[];
  readonly lines?: readonly string[];
  readonly ingressControllers?: readonly KubeObject[];
}

/** A snapshot of these objects. */
export function snapshotOf(
  world: World,
  { unread = [], lines = [], ...more }: Parts = {},
): Snapshot {
  return { now: NOW, of: (kind) => world[kind] ?? [], lines: () => lines, unread, ...more };
}

/** All of the world's objects, as the surroundings of its first object of the kind. */
export function scopeOf(world: World, kind: ResourceKind): Scope {
  const object = world[kind]?.[0];
  if (!object) throw new Error(`the world has no ${kind}`);
  const { name, namespace } = object.metadata;
  return {
    subject: { kind, name, ...(namespace === undefined ? {} : { namespace }) },
    object,
    workloads: workloadKinds.flatMap((each) =>
      (world[each] ?? []).map((found) => readWorkload(each, found)),
    ),
    pods: (world.pods ?? []).map(readPod),
    of: (each) => world[each] ?? [],
  };
}

/** What the analyzers say of the world's first object of the kind. */
export function findings(world: World, kind: ResourceKind, parts?: Parts): readonly Finding[] {
  const [scope, snapshot] = [scopeOf(world, kind), snapshotOf(world, parts)];
  const found = objectAnalyzers.flatMap((analyze) => analyze(scope, snapshot));
  for (const { next } of found) if (next) acceptedBy(next);
  return found;
}

/** Throws when there is no such tool, or when it refuses the arguments. */
function acceptedBy({ tool, args }: NextCall): void {
  const known = catalogue.get(tool);
  if (!known) throw new Error(`there is no tool ${tool}`);
  known.accept(args);
}

export function causesOf(world: World, kind: ResourceKind, parts?: Parts): readonly Cause[] {
  return findings(world, kind, parts).map(({ cause }) => cause);
}

/** `cause (confidence): summary` of each. */
export function told(world: World, kind: ResourceKind, parts?: Parts): readonly string[] {
  return findings(world, kind, parts).map(
    ({ cause, confidence, summary }) => `${cause} (${confidence}): ${summary}`,
  );
}
