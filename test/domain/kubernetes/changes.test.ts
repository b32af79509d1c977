import { describe, expect, it } from "vitest";
import { dataEdits } from "#domain/kubernetes/changes/edits.ts";
import { foldJoins, nodeChanges } from "#domain/kubernetes/changes/nodes.ts";
import { helmRevision, underReleases } from "#domain/kubernetes/changes/releases.ts";
import { replicaSetKeeper, rollouts } from "#domain/kubernetes/changes/rollouts.ts";
import { rescalings, specEdits, toldScalings } from "#domain/kubernetes/changes/scalings.ts";
import { readEvent } from "#domain/kubernetes/events.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { HOUR, shift } from "#domain/window.ts";
import { ago, event, NOW, object, ownedBy } from "../../support/objects.ts";

const window = { start: shift(NOW, -2 * HOUR), end: NOW };
const CREATED = { creationTimestamp: ago(9_000) };

function write(manager: string, minutesAgo: number | undefined, fieldsV1: object, more = {}) {
  const time = minutesAgo === undefined ? {} : { time: ago(minutesAgo) };
  return { manager, operation: "Update", ...time, fieldsV1, ...more };
}

const template = { "f:spec": { "f:template": { "f:spec": {} } } };
const replicas = { "f:spec": { "f:replicas": {} } };

function web(...managedFields: readonly object[]): KubeObject {
  return object("web", {}, { ...CREATED, managedFields });
}

function set(revision: number, minutesAgo: number, annotations = {}): KubeObject {
  return object(
    `web-${revision}`,
    {},
    {
      ...ownedBy("Deployment", "web"),
      creationTimestamp: ago(minutesAgo),
      annotations: {
        "deployment.kubernetes.io/revision": `${revision}`,
        "deployment.kubernetes.io/desired-replicas": "6",
        ...annotations,
      },
    },
  );
}

const keepers = (...sets: readonly KubeObject[]) => sets.map(replicaSetKeeper);

describe("rollouts", () => {
  it("names the manager whose write stands for it, and no other's", () => {
    const found = rollouts(
      "deployments",
      web(write("helm", 30, template)),
      keepers(set(3, 30), set(2, 31), set(1, 5_000)),
      window,
    );
    expect(found).toMatchObject([
      { who: "helm", summary: "Rolled out revision 3.", compare: { before: "web-2" } },
      { who: "", summary: "Rolled out revision 2.", compare: { before: "web-1" } },
    ]);
  });

  it("tells a way back between templates of the same second", () => {
    const history = { "deployment.kubernetes.io/revision-history": "1" };
    const found = rollouts(
      "deployments",
      web(write("kubectl", 10, template)),
      keepers(set(3, 600, history), set(2, 600)),
      window,
    );
    expect(found.map(({ summary }) => summary)).toContain(
      "Rolled back: revision 3, with the template of 1.",
    );
  });

  it("tells a way back to an older template", () => {
    const history = { "deployment.kubernetes.io/revision-history": "1" };
    const found = rollouts(
      "deployments",
      web(write("kubectl", 10, template)),
      keepers(set(3, 5_000, history), set(2, 600)),
      window,
    );
    expect(found).toMatchObject([
      {
        who: "kubectl",
        at: new Date(ago(10)),
        summary: "Rolled back: revision 3, with the template of 1.",
        compare: { before: "web-2", after: "web-3" },
      },
    ]);
  });

  it("is none when the template was written and did not change", () => {
    const found = rollouts(
      "deployments",
      web(write("helm", 10, template)),
      keepers(set(2, 600), set(1, 900)),
      window,
    );
    expect(found).toEqual([]);
  });
});

describe("scalings", () => {
  const scaled = (minutesAgo: number, message: string) =>
    readEvent(
      event("Deployment/web", "ScalingReplicaSet", { type: "Normal", minutesAgo, message }),
    );

  it("tells from how many to how many, of a write with its time", () => {
    const events = [scaled(10, "Scaled up replica set web-2 from 4 to 6")];
    const found = specEdits("deployments", web(write("me", 10, replicas)), [], events, window);
    expect(found).toMatchObject([{ kind: "scale", who: "me", summary: "Scaled from 4 to 6." }]);
  });

  it("finds those of which the object keeps no time in the events", () => {
    const scaler = write("kubectl", undefined, replicas, { subresource: "scale" });
    const combined = "(combined from similar events): Scaled down replica set web-2 from 9 to 6";
    const found = toldScalings(
      web(scaler),
      keepers(set(2, 600), set(1, 900)),
      [],
      [scaled(10, combined)],
      window,
    );
    expect(found).toMatchObject([{ who: "kubectl", summary: "Scaled from 9 to 6." }]);
  });

  it.each([
    ["an old template's", "Scaled down replica set web-1 from 3 to 2"],
    ["the first", "Scaled up replica set web-2 from 0 to 1"],
    ["one to fewer than wanted", "Scaled up replica set web-2 from 1 to 2"],
  ])("takes no step of a rollout for one: %s", (_what, message) => {
    const sets = keepers(set(2, 11), set(1, 900));
    expect(toldScalings(web(), sets, [], [scaled(10, message)], window)).toEqual([]);
  });

  it("leaves an autoscaler's to its own word", () => {
    const told = event("HorizontalPodAutoscaler/web", "SuccessfulRescale", {
      minutesAgo: 10,
      message: "New size: 6; reason: cpu resource utilization above target",
    });
    const events = [
      readEvent(told),
      scaled(10, "Scaled up replica set web-2 from 4 to 6"),
      scaled(9, "Scaled up replica set web-2 from 6 to 6"),
    ];
    const byScaler = write("kube-controller-manager", 10, replicas, { subresource: "scale" });
    expect(specEdits("deployments", web(byScaler), [], events, window)).toEqual([]);
    const sets = keepers(set(2, 600));
    const found = toldScalings(web(), sets, [], events.slice(0, 2), window);
    expect([...found, ...rescalings(events, window)]).toMatchObject([{ summary: "Scaled to 6." }]);
  });

  it("tells other settings of a workload by their names", () => {
    const paused = write("kubectl-patch", 5, { "f:spec": { "f:paused": {} } });
    expect(specEdits("deployments", web(paused), [], [], window)).toMatchObject([
      { kind: "settings", summary: "Edited, field paused." },
    ]);
  });
});

describe("edits of ConfigMaps", () => {
  const settings = (name: string, metadata: object) =>
    dataEdits("configmaps", object(name, {}, { ...CREATED, ...metadata }), window);
  const keys = { "f:data": { ".": {}, "f:mode": {} }, "f:binaryData": { "f:logo": {} } };

  it("names the keys that a writer holds, and the action when it was Firewatch", () => {
    const found = settings("settings", {
      managedFields: [write("firewatch", 5, keys)],
      annotations: { "firewatch.dev/action": "act-7" },
    });
    expect(found).toMatchObject([
      { who: "firewatch (act-7)", summary: "Edited, some or all of keys mode, logo." },
    ]);
  });

  it("leaves out what controllers write all day, status, and what is older", () => {
    const leader = { "control-plane.alpha.kubernetes.io/leader": "{}" };
    const managedFields = [write("x", 5, keys)];
    expect(settings("kube-root-ca.crt", { managedFields })).toEqual([]);
    expect(settings("lock", { managedFields, annotations: leader })).toEqual([]);
    expect(settings("old", { managedFields: [write("x", 500, keys)] })).toEqual([]);
    expect(settings("status", { managedFields: [write("x", 5, { "f:status": {} })] })).toEqual([]);
    expect(settings("broken", { managedFields: "none" })).toEqual([]);
  });
});

describe("nodes", () => {
  it("tells a cordon by its taint where nobody is remembered", () => {
    const key = "node.kubernetes.io/unschedulable";
    const spec = { unschedulable: true, taints: [{ key, timeAdded: ago(7) }] };
    expect(nodeChanges(object("node-a", { spec }, CREATED), window)).toMatchObject([
      { at: new Date(ago(7)), who: "", summary: "Cordoned: no new pods. A drain begins so." },
    ]);
  });

  it("makes one of many that joined", () => {
    const joined = [1, 2, 3, 4].flatMap((minutes) =>
      nodeChanges(object(`node-${minutes}`, {}, { creationTimestamp: ago(minutes) }), window),
    );
    expect(foldJoins(joined.slice(0, 2))).toHaveLength(2);
    expect(foldJoins(joined)).toMatchObject([
      {
        object: "4 nodes",
        at: new Date(ago(1)),
        details: ["node-1", "node-2", "node-3", "node-4"],
      },
    ]);
  });
});

it("puts changes under the newest revision that can have made them", () => {
  const secret = (number: number, minutesAgo: number) =>
    object(
      `sh.helm.release.v1.web.v${number}`,
      {},
      {
        creationTimestamp: ago(minutesAgo),
        labels: { status: "deployed" },
        managedFields: [write("Helm", minutesAgo, { "f:data": { "f:release": {} } })],
      },
    );
  const own = { "meta.helm.sh/release-name": "web" };
  const edit = (manager: string, minutesAgo: number) =>
    dataEdits(
      "configmaps",
      object(
        `map-${manager}-${minutesAgo}`,
        {},
        {
          ...CREATED,
          annotations: own,
          managedFields: [write(manager, minutesAgo, { "f:data": { "f:mode": {} } })],
        },
      ),
      window,
    );
  const found = underReleases([
    ...helmRevision(secret(2, 20), window),
    ...helmRevision(secret(3, 10), window),
    ...edit("helm", 9),
    ...edit("kubectl-edit", 8),
  ]);
  expect(found).toMatchObject([
    { summary: "Revision 2 (deployed).", who: "Helm", parts: [] },
    { summary: "Revision 3 (deployed).", parts: [{ object: "ConfigMap/map-helm-9" }] },
    { object: "ConfigMap/map-kubectl-edit-8", who: "kubectl-edit" },
  ]);
});
