import { describe, expect, it } from "vitest";
import type { NewJob } from "#domain/kubernetes/new-job.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { Workloads } from "#ports/workloads.ts";
import { aborted, failure, type Opened, opened, signal } from "./contract.ts";
import { change, existing, made, matchLabels, record } from "./kube.ts";

export interface InterventionsFixture extends Opened {
  readonly workloads: Workloads;
  readonly namespace: string;
  /** A node that takes new pods, and is not the only one. It will be cordoned and uncordoned. */
  readonly node: string;
  /** A deployment that no budget covers. A pod of it will be evicted. */
  readonly deployment: string;
  /** A deployment whose budget allows no eviction. */
  readonly guarded: string;
  /** A Service with a selector. It will be changed. */
  readonly service: string;
}

/** What every implementation of `workloads` does with nodes, single pods, jobs and traffic. */
export function interventionsContract(
  name: string,
  open: () => Promise<InterventionsFixture>,
): void {
  describe(`changes of nodes, pods, jobs and traffic: ${name}`, () => {
    const fixture = opened(open);
    const node = () => ({ kind: "nodes", name: fixture().node }) as const;
    const service = () => {
      const { namespace, service: object } = fixture();
      return { kind: "services", namespace, name: object } as const;
    };
    const podOf = async (deployment: string) => {
      const { workloads, namespace } = fixture();
      const object = await existing(workloads, {
        kind: "deployments",
        namespace,
        name: deployment,
      });
      const labelSelector = Object.entries(matchLabels(object))
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      const query = { kind: "pods", namespace, labelSelector, limit: 50 } as const;
      const { items } = await workloads.list(query, signal);
      const pod = items.find(({ metadata }) => metadata.deletionTimestamp === undefined);
      if (!pod) throw new Error(`no pod of ${deployment}`);
      return { namespace, name: pod.metadata.name, uid: pod.metadata.uid };
    };
    const isLeft = async (pod: { namespace: string; name: string; uid: string }) => {
      const now = await fixture().workloads.get({ kind: "pods", ...pod }, signal);
      return now?.metadata.uid !== pod.uid || now.metadata.deletionTimestamp !== undefined;
    };

    it("cordons a node, marks it, and opens it again; a rehearsal changes nothing", async () => {
      const { workloads } = fixture();
      const object = await existing(workloads, node());
      await workloads.cordon(node().name, true, change(object, true), signal);
      expect(isCordoned(await existing(workloads, node()))).toBe(false);
      const annotations = { "example.com/why": "contract" };
      await made(workloads, node(), (how) =>
        workloads.cordon(node().name, true, { ...how, annotations }, signal),
      );
      const closed = await existing(workloads, node());
      expect(isCordoned(closed)).toBe(true);
      expect(closed.metadata.annotations).toMatchObject(annotations);
      await made(workloads, node(), (how) => workloads.cordon(node().name, false, how, signal));
      expect(isCordoned(await existing(workloads, node()))).toBe(false);
    });

    it("refuses a cordon of a node that is another one than was read, or none", async () => {
      const { workloads } = fixture();
      const how = change(await existing(workloads, node()));
      const other = { ...how.expects, uid: "00000000-0000-4000-8000-000000000000" };
      await expect(
        workloads.cordon(node().name, true, { ...how, expects: other }, signal),
      ).rejects.toMatchObject(failure("conflict"));
      await expect(workloads.cordon("no-such-object", true, how, signal)).rejects.toMatchObject(
        failure("not_found"),
      );
    });

    it("evicts a pod; a rehearsal, another uid and a wrong name evict none", async () => {
      const { workloads, deployment } = fixture();
      const pod = await podOf(deployment);
      expect(await workloads.evict(pod, true, signal)).toEqual({ evicted: true });
      const other = { ...pod, uid: "00000000-0000-4000-8000-000000000000" };
      await expect(workloads.evict(other, false, signal)).rejects.toMatchObject(
        failure("conflict"),
      );
      const nobody = { ...pod, name: "no-such-object" };
      await expect(workloads.evict(nobody, false, signal)).rejects.toMatchObject(
        failure("not_found"),
      );
      await expect(workloads.evict(pod, false, aborted())).rejects.toThrow();
      expect(await isLeft(pod)).toBe(false);
      expect(await workloads.evict(pod, false, signal)).toEqual({ evicted: true });
      expect(await isLeft(pod)).toBe(true);
    });

    it("leaves a pod that its budget keeps, and gives the budget's words", async () => {
      const { workloads, guarded } = fixture();
      const pod = await podOf(guarded);
      for (const dryRun of [true, false]) {
        expect(await workloads.evict(pod, dryRun, signal)).toEqual({
          evicted: false,
          blocked: expect.stringMatching(
            /^The disruption budget \S+ needs \d+ healthy pods and has \d+ currently/,
          ),
        });
      }
      expect(await isLeft(pod)).toBe(false);
    });

    it("creates a job once; a rehearsal creates none", async () => {
      const { workloads, namespace } = fixture();
      const container = { name: "app", image: "registry.example.com/app:v1" };
      const job: NewJob = {
        ...{ namespace, name: "contract", labels: { app: "contract" } },
        annotations: { "example.com/why": "contract" },
        spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
      };
      const ref = { kind: "jobs", namespace, name: job.name } as const;
      await workloads.createJob(job, true, signal);
      expect(await workloads.get(ref, signal)).toBeUndefined();
      await workloads.createJob(job, false, signal);
      expect((await existing(workloads, ref)).metadata).toMatchObject({
        labels: job.labels,
        annotations: job.annotations,
      });
      await expect(workloads.createJob(job, false, signal)).rejects.toMatchObject(
        failure("conflict"),
      );
    });

    it("sets and removes labels of a Service's selector, and leaves the others", async () => {
      const { workloads } = fixture();
      const before = selectorOf(await existing(workloads, service()));
      const [key = ""] = Object.keys(before);
      const shifted = { [key]: "elsewhere", track: "green" };
      await made(workloads, service(), (how) =>
        workloads.shiftTraffic({ ...service(), selector: shifted }, how, signal),
      );
      expect(selectorOf(await existing(workloads, service()))).toEqual({ ...before, ...shifted });
      const back = { [key]: String(before[key]), track: null };
      await made(workloads, service(), (how) =>
        workloads.shiftTraffic({ ...service(), selector: back }, how, signal),
      );
      expect(selectorOf(await existing(workloads, service()))).toEqual(before);
    });
  });
}

function isCordoned({ spec }: KubeObject): boolean {
  return record(spec).unschedulable === true;
}

function selectorOf({ spec }: KubeObject): { readonly [key: string]: unknown } {
  return record(record(spec).selector);
}
