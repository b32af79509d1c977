import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { configMapRows } from "#domain/kubernetes/columns/config.ts";
import { podRows } from "#domain/kubernetes/columns/pods.ts";
import { knownKind, resolveKind, servedKind } from "#domain/kubernetes/kinds.ts";
import { type ListingQuery, openListing } from "#domain/kubernetes/listing.ts";
import { missingNamespace, missingObject } from "#domain/kubernetes/missing.ts";
import { type KubeObject, readableKinds } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import {
  container,
  NOW,
  object,
  ownedBy,
  pod,
  terminated,
  waiting,
} from "../../support/objects.ts";

const query: ListingQuery = {
  one: "pod",
  many: "pods",
  rows: podRows,
  named: false,
  now: NOW,
  allNamespaces: false,
  byOwner: true,
  limit: 20,
};

function listing(objects: readonly KubeObject[], asked: ListingQuery) {
  const open = openListing(asked);
  open.add(objects);
  return open.result();
}

function looping(index: number): KubeObject {
  return pod(`checkout-7d9f8b6c5d-x${index}z4q`, {
    containers: [
      container(waiting("CrashLoopBackOff", `back-off 5m0s restarting failed container ${index}`), {
        restartCount: index,
        lastState: terminated(137, "OOMKilled"),
      }),
    ],
  });
}

describe("a listing", () => {
  it("counts by state and puts the sick first", () => {
    const found = listing([pod("a"), looping(1), pod("b")], query);
    expect(found.summary).toBe("3 pods: 1 CrashLoopBackOff, 2 Running.");
    expect(found.rows.map(({ name }) => name)).toEqual(["checkout-7d9f8b6c5d-x1z4q", "a", "b"]);
    expect(found.leftOut).toBe(0);
  });

  it("names the namespace when there are several", () => {
    const [row] = listing([pod("a")], { ...query, allNamespaces: true }).rows;
    expect(row).toMatchObject({ namespace: "data", name: "a" });
  });

  it("shows all the rows asked for when they are few", () => {
    const pods = Array.from({ length: 9 }, (_, index) => looping(index));
    expect(listing(pods, { ...query, limit: 3, allNamespaces: true }).rows).toHaveLength(3);
  });

  it("stays below 2,000 tokens with long rows, and says how many it left out", () => {
    const pods = Array.from({ length: 60 }, (_, index) => looping(index));
    const { rows, leftOut } = listing(pods, query);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length + leftOut).toBe(60);
    expect(encode(JSON.stringify(rows)).length).toBeLessThan(1_900);
  });

  it("counts by workload, those with sick pods first", () => {
    const owned = (name: string, set: string, hash: string) =>
      pod(name, {
        metadata: { ...ownedBy("ReplicaSet", set), labels: { "pod-template-hash": hash } },
      });
    const sick = looping(1);
    const loop = {
      ...sick,
      metadata: { ...sick.metadata, ...owned("x", "pay-7d9f", "7d9f").metadata },
    };
    const objects = [
      owned("a", "web-5c8", "5c8"),
      owned("b", "web-6f4", "6f4"),
      loop,
      pod("alone"),
    ];
    expect(listing(objects, query).byOwner).toBe(
      "deployment/pay 1 (1 not well), deployment/web 2, without owner 1",
    );
    const wide = listing(objects, { ...query, allNamespaces: true }).byOwner;
    expect(wide).toContain("deployment/web in data 2");
    expect(listing(objects, { ...query, byOwner: false }).byOwner).toBe("");
  });

  it("is the same page by page, and keeps no more than it shows", () => {
    const pods = Array.from({ length: 50 }, (_, index) =>
      index % 7 ? pod(`p${index}`) : looping(index),
    );
    const open = openListing({ ...query, limit: 5 });
    for (let at = 0; at < 50; at += 10) open.add(pods.slice(at, at + 10));
    expect(open.read()).toBe(50);
    expect(open.result()).toEqual(listing(pods, { ...query, limit: 5 }));
  });

  it("counts keys for one ConfigMap and says when there is nothing", () => {
    const settings = object("settings", { data: { a: "1", b: "2" } });
    const kind = { one: "configmap", many: "configmaps", rows: configMapRows };
    const named = { ...query, ...kind, named: true, part: "key" };
    expect(listing([settings], named).summary).toBe("2 keys of configmap settings.");
    expect(listing([], query).summary).toBe("No pods.");
    expect(listing([pod("a")], { ...query, namespace: "data" }).summary).toBe(
      "1 pod in namespace data: 1 Running.",
    );
  });
});

describe("the name of a kind", () => {
  it("may be plural, singular or short, in any case, with its group", () => {
    const said = ["po", "Pod", "deploy", "deployments.apps", "STS", "ep", "cm", "pvc", "hpa"];
    expect(said.map(resolveKind)).toEqual([
      "pods",
      "pods",
      "deployments",
      "deployments",
      "statefulsets",
      "endpointslices",
      "configmaps",
      "persistentvolumeclaims",
      "horizontalpodautoscalers",
    ]);
    expect(readableKinds.map(resolveKind)).toEqual(readableKinds);
  });

  it("that is not allowed is refused with those that are", () => {
    const refusal = (text: string) => {
      try {
        return resolveKind(text);
      } catch (error) {
        return error instanceof OpsError ? `${error.code} ${error.hint}` : error;
      }
    };
    expect(refusal("pod/web-1")).toBe("invalid_input Give resource_type pods and name web-1.");
    expect(refusal("podz")).toMatch(/^invalid_input Did you mean pod\? Kinds: pods, deployments/);
    for (const text of ["roles", "__proto__", "constructor", "-o", "pods;rm", "ро"]) {
      expect(refusal(text)).toMatch(/^invalid_input .*Kinds: pods/);
    }
    expect(refusal("widgets")).not.toContain("Did you mean");
    expect(refusal("cert")).not.toContain("Did you mean");
    expect(refusal("persist")).toContain("Did you mean persistentvolumeclaim");
  });

  it("with another group or version is not the one known here", () => {
    expect(knownKind("pods.metrics.k8s.io")).toBeUndefined();
    expect(knownKind("services.serving.knative.dev")).toBeUndefined();
    expect(knownKind("hpa.v1.autoscaling")).toBeUndefined();
    expect(knownKind("deployments.v1.apps")).toBe("deployments");
  });

  it("may be one that the cluster serves beside those", () => {
    const kind = (resource: string, group: string, short: readonly string[] = []) => ({
      group,
      version: "v1",
      namespaced: true,
      resource,
      kind: resource,
      singular: resource.slice(0, -1),
      short,
    });
    const certificates = kind("certificates", "cert-manager.io", ["cert"]);
    const other = kind("certificates", "networking.internal.knative.dev");
    const widgets = kind("widgets", "example.com");
    const served = [certificates, other, widgets];
    expect(servedKind("cert", served)).toBe(certificates);
    expect(servedKind("Certificates.cert-manager.io", served)).toBe(certificates);
    expect(servedKind("certificates.v1.cert-manager.io", served)).toBe(certificates);
    const hint = (text: string) => {
      try {
        return servedKind(text, served);
      } catch (error) {
        return error instanceof OpsError ? error.hint : error;
      }
    };
    expect(hint("certificate")).toBe(
      "Name its group too: certificates.cert-manager.io, certificates.networking.internal.knative.dev.",
    );
    expect(hint("widgetz")).toMatch(/^Did you mean widget\? .*Others: .*widgets\.example\.com\.$/);
  });
});

describe("what is missing", () => {
  const ref = { kind: "deployments", namespace: "default", name: "etl" } as const;

  it("is looked for in other namespaces and among like names", () => {
    const error = missingObject(ref, { siblings: ["etl-api", "web"], elsewhere: ["data"] });
    expect(error.message).toBe("There is no deployment etl in namespace default.");
    expect(error.hint).toBe("It is in namespace data. Close names: etl-api.");
  });

  it("is told from an empty namespace", () => {
    expect(missingObject(ref, { siblings: ["zzz"], elsewhere: [] }).hint).toBe("There are: zzz.");
    expect(missingObject(ref, { siblings: [], elsewhere: [] }).hint).toBe(
      "There are no deployments to be seen in namespace default.",
    );
  });

  it("may be the namespace itself", () => {
    expect(missingNamespace("dta", ["data", "kube-system"]).hint).toBe("Close names: data.");
  });
});
