import * as z from "zod";
import { isObject } from "#domain/json.ts";
import { rowsOf } from "#domain/kubernetes/columns/index.ts";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import { openListing } from "#domain/kubernetes/listing.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { gitOpsOwners } from "#domain/kubernetes/ownership.ts";
import { kindOfObject, placeOf } from "#domain/kubernetes/places.ts";
import { selectorSchema, selectorText } from "#domain/kubernetes/selector.ts";
import { topOwner } from "#domain/kubernetes/top-owner.ts";
import { controllerOf, isOwnedBy } from "#domain/kubernetes/workload.ts";
import type { ObjectQuery } from "#ports/workloads.ts";
import { pages } from "./pages.ts";
import type { Sight } from "./sight.ts";

/** Most names of one sort of children, the sick first. */
const MOST_NAMES = 5;
/** Owners above an object: a Pod's are a ReplicaSet, a Deployment and perhaps an operator's. */
const MOST_OWNERS = 4;

/** Objects of one kind that work for another. */
export interface Children {
  readonly kind: ResourceKind;
  /** `4 pods: 3 CrashLoopBackOff, 1 Running`. */
  readonly summary: string;
  /** The sick first, each with how its last run ended, if one did. */
  readonly names: readonly string[];
  /** All of them, as events name them: `Pod/web-1`. */
  readonly all: readonly string[];
}

/** What an object works for, from the next to the last, and who keeps that. */
export async function ownersOf(
  object: KubeObject,
  sight: Sight,
  most = MOST_OWNERS,
): Promise<readonly string[]> {
  const owner = controllerOf(object.metadata);
  if (owner === undefined || most === 0) return keepersOf(object);
  const { apiVersion } = owner;
  const kind = kindOfObject(typeof apiVersion === "string" ? apiVersion : "", owner.kind);
  const above = kind && (await read(kind, owner.name, object, sight));
  const label = `${owner.kind}/${owner.name}`;
  return above ? [label, ...(await ownersOf(above, sight, most - 1))] : [label];
}

/** An owner is in the namespace of what it owns, or in none. */
function read(kind: ResourceKind, name: string, { metadata }: KubeObject, sight: Sight) {
  const { namespace } = metadata;
  const scope = placeOf(kind).namespaced && namespace !== undefined ? { namespace } : {};
  return sight.get({ kind, name, ...scope });
}

function keepersOf(object: KubeObject): readonly string[] {
  const release = object.metadata.annotations["meta.helm.sh/release-name"];
  return [
    ...(release === undefined ? [] : [`Helm release ${release}`]),
    ...gitOpsOwners(object).map(({ by, name }) => `${by} ${name}`),
  ];
}

interface ChildQuery extends Omit<ObjectQuery, "limit" | "continue"> {
  readonly keep: (child: KubeObject) => boolean;
}

/** What works for an object, by kind. */
export async function childrenOf(
  kind: ResourceKind | undefined,
  object: KubeObject,
  sight: Sight,
  now: Date,
): Promise<readonly Children[]> {
  const found = await Promise.all(
    queriesOf(kind, object).map((query) => listed(query, sight, now)),
  );
  return found.filter(({ all }) => all.length > 0);
}

async function listed({ keep, ...query }: ChildQuery, sight: Sight, now: Date): Promise<Children> {
  const { one, many } = kindNames(query.kind);
  const shape = { one, many, rows: rowsOf[query.kind], named: false, allNamespaces: false };
  const listing = openListing({ ...shape, now, byOwner: false, limit: MOST_NAMES });
  const all: string[] = [];
  await sight.each(query.kind, async ({ workloads, signal }) => {
    for await (const page of pages(query, workloads, signal)) {
      const kept = page.filter(keep);
      listing.add(kept);
      all.push(...kept.map(({ metadata }) => `${placeOf(query.kind).kind}/${metadata.name}`));
    }
  });
  const { summary, rows } = listing.result();
  return { kind: query.kind, summary, names: rows.map(childText), all };
}

/** `web-1 (137 OOMKilled 3m ago)`. */
function childText({ name = "", last_exit = "" }: Readonly<Record<string, string>>): string {
  return last_exit === "" ? name : `${name} (${last_exit})`;
}

function queriesOf(kind: ResourceKind | undefined, object: KubeObject): readonly ChildQuery[] {
  const { name, uid, namespace } = object.metadata;
  const here = namespace === undefined ? {} : { namespace };
  const own = (child: KubeObject) => isOwnedBy(child, uid);
  const selected = { ...here, ...selectorOf(object) };
  switch (kind) {
    case "deployments":
      return [
        { kind: "replicasets", ...selected, keep: (set) => own(set) && hasReplicas(set) },
        { kind: "pods", ...selected, keep: ({ metadata }) => topOwner(metadata)?.name === name },
      ];
    case "statefulsets":
    case "daemonsets":
    case "replicasets":
    case "jobs":
      return [{ kind: "pods", ...selected, keep: own }];
    case "cronjobs":
      return [{ kind: "jobs", ...here, keep: own }];
    case "services":
      return serviceQueries(object, here);
    case "nodes":
      return [{ kind: "pods", fieldSelector: `spec.nodeName=${name}`, keep: () => true }];
    case "persistentvolumeclaims":
      return [{ kind: "pods", ...here, keep: (pod) => claims(pod).includes(name) }];
    case undefined:
      return OWNED.map((owned) => ({ kind: owned, ...here, keep: own }));
    default:
      return [];
  }
}

/** What operators usually make for a custom resource. */
const OWNED = ["deployments", "statefulsets", "daemonsets", "jobs", "pods"] as const;

function serviceQueries(
  { metadata, spec }: KubeObject,
  here: { readonly namespace?: string },
): readonly ChildQuery[] {
  const slices = `kubernetes.io/service-name=${metadata.name}`;
  const all = () => true;
  const { data } = z.object({ selector: z.record(z.string(), z.string()) }).safeParse(spec);
  const labels = Object.entries(data?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    { kind: "endpointslices", ...here, labelSelector: slices, keep: all },
    ...(labels.length === 0
      ? []
      : [{ kind: "pods", ...here, labelSelector: labels.join(","), keep: all } as const]),
  ];
}

function selectorOf({ spec }: KubeObject): { readonly labelSelector?: string } {
  const { data } = z.object({ selector: selectorSchema }).safeParse(spec);
  return data ? { labelSelector: selectorText(data.selector) } : {};
}

function hasReplicas({ spec }: KubeObject): boolean {
  return isObject(spec) && Number(spec.replicas) > 0;
}

const claimsSchema = z.object({
  volumes: z
    .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() }))
    .default([]),
});

function claims({ spec }: KubeObject): readonly string[] {
  const { data } = claimsSchema.safeParse(spec);
  return (data?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
}
