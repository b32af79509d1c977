import { describe, expect, it } from "vitest";
import { gitOpsOwners, replicaOwners } from "#domain/kubernetes/ownership.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { deployment, object, ownedBy } from "../../support/objects.ts";

const etl = readWorkload("deployments", deployment("etl"));

function autoscaler(name: string, target: string, metadata = {}) {
  const scaleTargetRef = { kind: "Deployment", name: target };
  return object(name, { spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 6 } }, metadata);
}

describe("who owns the replicas", () => {
  it("is the autoscaler that names the workload", () => {
    const found = replicaOwners(etl, {
      horizontalPodAutoscalers: [autoscaler("a", "etl"), autoscaler("b", "web")],
      scaledObjects: [],
    });
    expect(found).toMatchObject([{ by: "HorizontalPodAutoscaler", name: "a" }]);
    expect(found[0]?.effect).toContain("between 2 and 6");
  });

  it("is KEDA, once, although KEDA keeps an autoscaler of its own", () => {
    const scaled = object("queue", { spec: { scaleTargetRef: { name: "etl" } } });
    const own = autoscaler("keda-hpa-queue", "etl", ownedBy("ScaledObject", "queue"));
    const both = { horizontalPodAutoscalers: [own], scaledObjects: [scaled] };
    expect(replicaOwners(etl, both)).toMatchObject([{ by: "KEDA", name: "queue" }]);
    expect(replicaOwners(etl, { ...both, scaledObjects: [] })).toMatchObject([
      { by: "KEDA", name: "queue" },
    ]);
  });
});

describe("who applies the object from elsewhere", () => {
  const owners = (labels: object, annotations: object = {}) =>
    gitOpsOwners(deployment("etl", { metadata: { labels, annotations } })).map(
      ({ by, name }) => `${by} ${name}`,
    );

  it("is told by Flux's labels, unless it was told to leave the object alone", () => {
    const labels = {
      "kustomize.toolkit.fluxcd.io/name": "apps",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    };
    expect(owners(labels)).toEqual(["Flux Kustomization flux-system/apps"]);
    expect(owners(labels, { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" })).toEqual([]);
    expect(owners({ "helm.toolkit.fluxcd.io/name": "etl" })).toEqual(["Flux HelmRelease etl"]);
  });

  it("is told by Argo CD's annotation or its own label", () => {
    const tracking = { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:data/etl" };
    expect(owners({}, tracking)).toEqual(["Argo CD Application shop"]);
    expect(owners({ "argocd.argoproj.io/instance": "shop" })).toEqual(["Argo CD Application shop"]);
  });

  it("is nobody when only Helm labelled it", () => {
    expect(owners({ "app.kubernetes.io/instance": "etl" })).toEqual([]);
  });
});
