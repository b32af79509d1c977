import * as z from "zod";
import { listPath } from "#adapters/kubernetes/kinds.ts";
import type { Case } from "../../../bench/diagnosis/case.ts";
import { kindOf } from "../../../bench/diagnosis/cluster.ts";
import type { Fields, Manifest } from "../../../bench/diagnosis/world/manifest.ts";
import { keyOf, setPast } from "./etcd.ts";
import type { StillCluster } from "./still-cluster.ts";

/** Where the cluster's DNS lives; it and the ingress controller are there once for all cases. */
const SYSTEM = "kube-system";
const SHARED = [SYSTEM, "ingress-nginx"];

/** What has to be there before pods are taken in, and what would keep them out. */
const EARLY = ["ServiceAccount", "StorageClass", "IngressClass", "Node"];
const LATE = ["Event", "ResourceQuota", "LimitRange", "ValidatingWebhookConfiguration"];

/** Kinds that have no subresource `status`. */
const WHOLE = new Set([
  ...["Event", "EndpointSlice", "ConfigMap", "Secret", "ServiceAccount", "StorageClass"],
  ...["IngressClass", "NetworkPolicy", "LimitRange", "ValidatingWebhookConfiguration"],
]);

const madeSchema = z.object({ metadata: z.object({ uid: z.string() }) });

/** Writes the objects of cases through the API server, which checks them, and then sets their past. */
export function casesOn(cluster: StillCluster, kubeletPort: number) {
  // The API server makes this one itself.
  const uids = new Map([[keyOf(space(SYSTEM)), ""]]);

  async function make(objects: readonly Manifest[]): Promise<readonly Manifest[]> {
    const made: Manifest[] = [];
    const renamed = new Map<string, string>();
    for (const manifest of objects) {
      const key = keyOf(manifest);
      const known = uids.get(key);
      const uid = known ?? (await put(cluster, manifest, renamed, kubeletPort));
      if (known === undefined) made.push(manifest);
      uids.set(key, uid);
      renamed.set(manifest.metadata.uid, uid);
    }
    return made;
  }

  return {
    /** The first one brings what they share. */
    async put([first, ...others]: readonly Case[]): Promise<void> {
      const made = first ? [await make(ordered(first.objects))] : [];
      const rest = others.map(({ objects }) => make(ordered(objects.filter(isOwn))));
      await setPast(cluster.etcd, [...made, ...(await Promise.all(rest))].flat());
    },
    /** Another state of what is shared, in place of the one there is. */
    async replaceShared(): Promise<void> {
      for (const kind of ["pods", "endpointslices", "replicasets"] as const) {
        const path = `${listPath(kind, SYSTEM)}?gracePeriodSeconds=0`;
        await cluster.send("DELETE", path, undefined);
      }
    },
  };
}

const isOwn = ({ metadata }: Manifest) => !SHARED.includes(metadata.namespace ?? metadata.name);

/** With the namespaces first, those too that are only mentioned. */
function ordered(objects: readonly Manifest[]): readonly Manifest[] {
  const names = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  names.delete("default");
  const spaces = objects.filter(({ kind }) => kind === "Namespace");
  const missing = [...names].filter(
    (name) => !spaces.some(({ metadata }) => metadata.name === name),
  );
  const ranked = objects
    .filter(({ kind }) => kind !== "Namespace")
    .toSorted((a, b) => rank(a) - rank(b));
  return [...spaces, ...missing.map((name) => space(name)), ...ranked];
}

function rank({ kind }: Manifest): number {
  if (EARLY.includes(kind)) return 0;
  return LATE.includes(kind) ? 2 : 1;
}

function space(name: string): Manifest {
  const metadata = { name, uid: "", resourceVersion: "", creationTimestamp: PAST };
  return { apiVersion: "v1", kind: "Namespace", metadata };
}

const PAST = "2026-01-01T00:00:00Z";

/** Makes it, then sets its status, as its controller would; answers its uid. */
async function put(
  cluster: StillCluster,
  manifest: Manifest,
  renamed: ReadonlyMap<string, string>,
  kubeletPort: number,
): Promise<string> {
  const wanted = withUids(manifest, renamed);
  const { status } = wanted;
  const place = listPath(kindOf(manifest), manifest.metadata.namespace);
  const made = await cluster.send("POST", place, acceptable(wanted));
  const path = `${place}/${manifest.metadata.name}`;
  if (manifest.kind === "Node")
    await cluster.send("PATCH", path, { spec: { taints: taintsOf(wanted) } });
  if (status !== undefined && !WHOLE.has(manifest.kind)) {
    const body = { status: reachable(manifest.kind, status, kubeletPort) };
    await cluster.send("PATCH", `${path}/status`, body);
  }
  return madeSchema.parse(JSON.parse(made)).metadata.uid;
}

/** The server gives objects uids of its own: those who name them are told. */
function withUids(manifest: Manifest, renamed: ReadonlyMap<string, string>): Manifest {
  const text = JSON.stringify(manifest).replace(
    /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    (uid) => renamed.get(uid) ?? uid,
  );
  return { ...manifest, ...JSON.parse(text) };
}

/** Without what the server sets itself. */
function acceptable({ status: _, ...manifest }: Manifest): Fields {
  const { uid: __, resourceVersion: ___, managedFields: ____, ...metadata } = manifest.metadata;
  const { kind, spec } = manifest;
  if (kind === "Job") return { ...manifest, metadata, spec: ofJob(spec) };
  if (kind === "Service") return { ...manifest, metadata, spec: ofService(spec) };
  return { ...manifest, metadata };
}

/** Addresses are the server's to give, for those of two cases may be the same. */
function ofService(spec: unknown): Fields {
  const { clusterIP, ...rest } = { clusterIP: undefined, ...Object(spec) };
  return clusterIP === "None" ? { ...rest, clusterIP } : rest;
}

/** The server selects a Job's pods by the uid that it gives it. */
function ofJob(spec: unknown): Fields {
  const { selector: _, template, ...rest } = { selector: undefined, template: {}, ...Object(spec) };
  return { ...rest, template: { spec: Object(template).spec } };
}

/** Every new node gets a taint that the node controller takes away once it is ready. */
function taintsOf({ spec }: Manifest): unknown {
  return Object(spec).taints ?? null;
}

/** A node's kubelet answers here; a pod's class of service is the server's to say. */
function reachable(kind: string, status: unknown, Port: number): Fields {
  const { qosClass: _, ...rest } = { qosClass: undefined, ...Object(status) };
  if (kind !== "Node") return rest;
  const addresses = [{ type: "InternalIP", address: "127.0.0.1" }];
  return { ...rest, addresses, daemonEndpoints: { kubeletEndpoint: { Port } } };
}
