import { describe, expect, it } from "vitest";
import { readEvent } from "#domain/kubernetes/events.ts";
import { workloadHealth } from "#domain/kubernetes/health.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { rolloutState } from "#domain/kubernetes/rollout.ts";
import { readReplicaSet, readWorkload } from "#domain/kubernetes/workload.ts";
import {
  ago,
  container,
  deployment,
  event,
  NOW,
  object,
  ownedBy,
  pod,
  replicaSet,
  running,
  terminated,
  waiting,
} from "../../support/objects.ts";

function facts(pods: readonly KubeObject[] = [], events: readonly KubeObject[] = []) {
  return {
    replicaSets: [replicaSet("etl", 2, 2), replicaSet("etl", 1, 1)].map(readReplicaSet),
    pods: pods.map(readPod),
    events: events.map(readEvent),
    now: NOW,
  };
}

function ofRevision(revision: number, name: string, status: object) {
  return pod(name, {
    metadata: ownedBy("ReplicaSet", `etl-${revision}`),
    containers: [{ ...status }],
  });
}

const looping = container(waiting("CrashLoopBackOff", "back-off restarting"), {
  restartCount: 4,
  lastState: terminated(137, "OOMKilled"),
});

function verdict(found: KubeObject, pods: readonly KubeObject[] = []) {
  const { state, why } = rolloutState(readWorkload("deployments", found), facts(pods));
  return `${state}: ${why}`;
}

describe("the rollout of a Deployment", () => {
  it("is done when all replicas are updated and available and no old one is left", () => {
    expect(verdict(deployment("etl"))).toBe(
      "done: All 2 replicas run the current template; 2 available.",
    );
  });

  it("goes on until then", () => {
    expect(verdict(deployment("etl", { metadata: { generation: 2 } }))).toBe(
      "progressing: The controller has not yet seen the latest change.",
    );
    expect(verdict(deployment("etl", { status: { updatedReplicas: 1 } }))).toBe(
      "progressing: 1 of 2 replicas run the new template.",
    );
    expect(verdict(deployment("etl", { status: { replicas: 3 } }))).toBe(
      "progressing: 1 replica of an old template still to end.",
    );
    expect(verdict(deployment("etl", { status: { availableReplicas: 1 } }))).toBe(
      "progressing: 1 of 2 replicas are available.",
    );
  });

  const behind = { status: { updatedReplicas: 1, availableReplicas: 1 } };

  it("is stuck when pods of the new template fail", () => {
    const pods = [ofRevision(2, "etl-2-a", looping), ofRevision(1, "etl-1-a", container(running))];
    expect(verdict(deployment("etl", behind), pods)).toBe(
      "stuck: 1 of 1 pod of the current template: CrashLoopBackOff (last exit 137 OOMKilled). 1 of 2 replicas run the new template.",
    );
  });

  it("is not held up by failing pods of the old template", () => {
    const pods = [ofRevision(1, "etl-1-a", looping)];
    expect(verdict(deployment("etl", behind), pods)).toMatch(/^progressing/);
  });

  it("is stuck when paused, past its deadline or without pods", () => {
    const conditions = (type: string, status: string, reason: string) => ({
      status: { ...behind.status, conditions: [{ type, status, reason }] },
    });
    expect(verdict(deployment("etl", { ...behind, spec: { paused: true } }))).toMatch(
      /^stuck: It is paused/,
    );
    expect(
      verdict(deployment("etl", conditions("Progressing", "False", "ProgressDeadlineExceeded"))),
    ).toMatch(/^stuck: It made no progress within its deadline/);
    expect(
      verdict(deployment("etl", conditions("ReplicaFailure", "True", "FailedCreate"))),
    ).toMatch(/^stuck: Pods cannot be created: FailedCreate\./);
  });

  it("cites failing pods, ReplicaSets in use and warnings about its own", () => {
    const pods = [ofRevision(1, "etl-1-a", looping), ofRevision(2, "etl-2-a", looping)];
    const events = [
      event("Pod/etl-2-a", "BackOff", { count: 3 }),
      event("Pod/etl-2-a", "BackOff", { count: 2, minutesAgo: 5 }),
      event("Pod/other", "BackOff"),
      event("Deployment/etl", "ScalingReplicaSet", { type: "Normal" }),
    ];
    const { evidence } = rolloutState(
      readWorkload("deployments", deployment("etl", behind)),
      facts(pods, events),
    );
    expect(evidence.pods.map(({ name }) => name)).toEqual(["etl-2-a", "etl-1-a"]);
    expect(evidence.replicaSets.map(({ metadata }) => metadata.name)).toEqual(["etl-2", "etl-1"]);
    expect(evidence.events).toMatchObject([
      { object: "Pod/etl-2-a", reason: "BackOff", count: 5, lastAt: new Date(ago(1)) },
    ]);
  });
});

describe("the rollout of a StatefulSet", () => {
  const set = (spec: object, status: object) => {
    const found = object(
      "db",
      { spec: { replicas: 3, ...spec }, status: { observedGeneration: 1, ...status } },
      { generation: 1 },
    );
    const { state, why } = rolloutState(readWorkload("statefulsets", found), facts());
    return `${state}: ${why}`;
  };
  const ready = { readyReplicas: 3, availableReplicas: 3, replicas: 3 };

  it("stops at its partition", () => {
    const spec = { updateStrategy: { rollingUpdate: { partition: 2 } } };
    expect(set(spec, { ...ready, updatedReplicas: 0 })).toBe(
      "progressing: 0 of 1 pods run the new template.",
    );
    expect(set(spec, { ...ready, updatedReplicas: 1 })).toMatch(
      /^done: The partitioned rollout is complete: 1 of 3/,
    );
  });

  it("waits for a person under OnDelete", () => {
    const spec = { updateStrategy: { type: "OnDelete" } };
    expect(set(spec, { ...ready, updatedReplicas: 1 })).toMatch(/^stuck: Its strategy is OnDelete/);
    expect(set(spec, { ...ready, updatedReplicas: 3 })).toMatch(/^done/);
  });

  it("waits for pods to be ready", () => {
    expect(set({}, { ...ready, updatedReplicas: 3, readyReplicas: 2 })).toBe(
      "progressing: 2 of 3 pods are ready.",
    );
  });
});

describe("the health of a workload after a change", () => {
  const since = new Date(ago(10));
  const check = (pods: readonly KubeObject[]) =>
    workloadHealth(readWorkload("deployments", deployment("etl")), facts(pods), since);

  it("passes when all is rolled out, ready and quiet", () => {
    const checks = check([ofRevision(2, "etl-2-a", container(running))]);
    expect(checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      "deployment/etl: rollout done true",
      "deployment/etl: all replicas ready true",
      "deployment/etl: no pod failing true",
      "deployment/etl: no new restarts true",
    ]);
  });

  it("fails on restarts after the change, not on those before", () => {
    const restarted = (minutesAgo: number) =>
      container(running, { restartCount: 2, lastState: terminated(1, "Error", minutesAgo) });
    const outcome = (minutesAgo: number) =>
      check([ofRevision(2, "etl-2-a", restarted(minutesAgo))]).at(-1);
    expect(outcome(30)?.ok).toBe(true);
    expect(outcome(5)).toMatchObject({ ok: false, evidence: "etl-2-a (2 restarts)" });
  });

  it("names the pods that fail and leaves out those on their way out", () => {
    const leaving = pod("etl-1-a", {
      metadata: { ...ownedBy("ReplicaSet", "etl-1"), deletionTimestamp: ago(1) },
      containers: [looping],
    });
    const checks = check([ofRevision(2, "etl-2-a", looping), leaving]);
    expect(checks[2]).toMatchObject({ ok: false, evidence: "etl-2-a CrashLoopBackOff" });
  });
});
