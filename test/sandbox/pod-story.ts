import { expect } from "vitest";
import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { includes, record } from "../ports/kube.ts";
import { objects } from "./observe.ts";
import { type Sandbox, signal } from "./open.ts";

export const podSchema = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.string() }),
  status: z.object({
    podIP: z.string(),
    containerStatuses: z.tuple([
      z.object({
        ready: z.boolean(),
        restartCount: z.int(),
        state: z.object({
          running: z.object({ startedAt: z.string() }).optional(),
          waiting: z.object({ reason: z.string() }).optional(),
        }),
        lastState: z.object({
          terminated: z
            .object({ exitCode: z.int(), reason: z.string(), finishedAt: z.string() })
            .optional(),
        }),
      }),
    ]),
  }),
});

const eventSchema = z.object({
  involvedObject: z.object({ kind: z.string(), name: z.string() }),
  reason: z.string(),
  count: z.int(),
  lastTimestamp: z.string(),
});

export const deploymentSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), generation: z.int() }),
  spec: z.object({ replicas: z.int(), template: z.object({ spec: z.unknown() }) }),
  status: z.object({
    observedGeneration: z.int(),
    replicas: z.int().default(0),
    updatedReplicas: z.int().default(0),
    readyReplicas: z.int().default(0),
  }),
});

const ownedSchema = z.object({
  metadata: z.object({ ownerReferences: z.array(z.object({ uid: z.string() })) }),
});

async function eventsOf(sandbox: Sandbox, kind: string, name: string) {
  const all = (await objects(sandbox, "events")).map((event) => eventSchema.parse(event));
  return all.filter(({ involvedObject: on }) => on.kind === kind && on.name === name);
}

/** Events, statuses and counts of every pod and deployment tell one story. */
export async function expectOneStory(sandbox: Sandbox): Promise<void> {
  const pods = (await objects(sandbox, "pods")).filter(isAlive);
  for (const object of pods) {
    await (isPlaced(object) ? expectPodStory : expectRefusal)(sandbox, object);
  }
  for (const object of await objects(sandbox, "deployments")) {
    const { metadata, spec, status } = deploymentSchema.parse(object);
    const sets = await ownedBy(sandbox, "replicasets", object.metadata.uid);
    const own = pods.filter((pod) => sets.some((set) => isOwned(pod, set.metadata.uid)));
    const ready = own
      .filter(isPlaced)
      .filter((pod) => podSchema.parse(pod).status.containerStatuses[0].ready);
    expect(status.replicas).toBe(own.length);
    expect(status.readyReplicas).toBe(ready.length);
    expect(status.observedGeneration).toBe(metadata.generation);
    expect(status.updatedReplicas).toBeLessThanOrEqual(spec.replicas);
    await expectEndpoints(sandbox, metadata.name, ready);
  }
}

function isPlaced({ spec }: KubeObject): boolean {
  return record(spec).nodeName !== undefined;
}

/** What is left of an evicted pod counts for nobody. */
function isAlive({ status }: KubeObject): boolean {
  return record(status).phase !== "Failed";
}

/** The scheduler has said why the pod has no node. */
async function expectRefusal(sandbox: Sandbox, { metadata }: KubeObject): Promise<void> {
  const events = await eventsOf(sandbox, "Pod", metadata.name);
  expect(events.map(({ reason }) => reason)).toEqual(["FailedScheduling"]);
}

async function expectPodStory(sandbox: Sandbox, object: KubeObject): Promise<void> {
  const { metadata, status } = podSchema.parse(object);
  const [container] = status.containerStatuses;
  const events = await eventsOf(sandbox, "Pod", metadata.name);
  const counted = (reason: string) => events.find((event) => event.reason === reason)?.count ?? 0;
  const hourAgo = sandbox.clock.now().getTime() - 3_600_000;
  if (new Date(metadata.creationTimestamp).getTime() > hourAgo) {
    const began = container.state.running ?? container.lastState.terminated;
    const runs = began === undefined ? 0 : container.restartCount + 1;
    expect(counted("Scheduled")).toBe(1);
    expect(counted("Started")).toBe(runs);
    if (runs > 0) expect(counted("BackOff")).toBe(container.state.running ? runs - 1 : runs);
  }
  if (container.restartCount > 0) expect(container.lastState.terminated).toBeDefined();
  expect(counted("Killing")).toBe(0);
}

async function expectEndpoints(
  sandbox: Sandbox,
  service: string,
  ready: readonly KubeObject[],
): Promise<void> {
  const slices = await sandbox.workloads.list(
    { kind: "endpointslices", labelSelector: `kubernetes.io/service-name=${service}`, limit: 9 },
    signal,
  );
  const schema = z.object({
    endpoints: z.array(
      z.object({ addresses: z.tuple([z.string()]), conditions: z.object({ ready: z.boolean() }) }),
    ),
  });
  const { endpoints } = schema.parse(slices.items[0]);
  const addresses = endpoints.filter((one) => one.conditions.ready).map((one) => one.addresses[0]);
  const services = await objects(sandbox, "services");
  const selector = record(record(services.find(isCalled(service))?.spec).selector);
  const selected = ready.filter(({ metadata }) => includes(metadata.labels, selector));
  const expected = selected.map((pod) => podSchema.parse(pod).status.podIP);
  expect(addresses.toSorted()).toEqual(expected.toSorted());
}

function isCalled(name: string) {
  return ({ metadata }: KubeObject) => metadata.name === name;
}

async function ownedBy(sandbox: Sandbox, kind: "replicasets" | "pods", uid: string) {
  return (await objects(sandbox, kind)).filter((object) => isOwned(object, uid));
}

function isOwned(object: KubeObject, uid: string): boolean {
  return ownedSchema.parse(object).metadata.ownerReferences.some((owner) => owner.uid === uid);
}
