import { describe, expect, it, vi } from "vitest";
import type { ReplicaBounds } from "#domain/kubernetes/container-change.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { readScaler } from "#domain/kubernetes/replica-bounds.ts";
import { rawTemplate } from "#domain/kubernetes/restart.ts";
import { templateDigest, templateObject } from "#domain/kubernetes/rollout-undo.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import type { Change, Workloads } from "#ports/workloads.ts";
import { aborted, failure, type Opened, opened, signal } from "./contract.ts";
import { change, existing, made } from "./kube.ts";

export interface ChangesFixture extends Opened {
  readonly workloads: Workloads;
  readonly namespace: string;
  /** A deployment of one container with a memory limit, not paused. It will be changed. */
  readonly deployment: string;
  /** An autoscaler that may run at least two pods more than its deployment does. Its bounds will be changed. */
  readonly autoscaler: string;
}

/** What every implementation of `workloads` does with templates, containers, pauses and bounds. */
export function changesContract(name: string, open: () => Promise<ChangesFixture>): void {
  describe(`changes of workloads: ${name}`, () => {
    const fixture = opened(open);
    const ref = () => {
      const { namespace, deployment } = fixture();
      return { kind: "deployments", namespace, name: deployment } as const;
    };
    const scaler = () => {
      const { namespace, autoscaler } = fixture();
      return { kind: "horizontalpodautoscalers", namespace, name: autoscaler } as const;
    };
    const read = () => existing(fixture().workloads, ref());
    const bounds = async (): Promise<ReplicaBounds> => {
      const { min, max } = readScaler(await existing(fixture().workloads, scaler()));
      return { min, max };
    };
    const image = (object: KubeObject) => {
      const container = containerOf(object);
      return {
        list: "containers",
        name: container.name,
        image: `${container.image}-next`,
      } as const;
    };

    it("sets a container's image alone, and the template from before as it was", async () => {
      const { workloads } = fixture();
      const before = await read();
      const next = image(before);
      await made(workloads, ref(), (how) => workloads.setContainer(ref(), next, how, signal));
      const after = await read();
      expect(containerOf(after)).toEqual({ ...containerOf(before), image: next.image });
      expect(after.metadata.generation).toBeGreaterThan(before.metadata.generation ?? 0);
      const template = templateObject(rawTemplate(before));
      await made(workloads, ref(), (how) => workloads.setTemplate(ref(), template, how, signal));
      expect(templateDigest(rawTemplate(await read()))).toBe(templateDigest(template));
    });

    it("sets and removes requests and limits, and leaves the others", async () => {
      const { workloads } = fixture();
      const { name: container, resources: before } = containerOf(await read());
      const set = (limits: Readonly<Record<string, string | null>>) =>
        made(workloads, ref(), (how) => {
          const wanted = { list: "containers", name: container, resources: { limits } } as const;
          return workloads.setContainer(ref(), wanted, how, signal);
        });
      await set({ cpu: "2", memory: null });
      const { memory: _, ...others } = before.limits;
      const changed = { ...before, limits: { ...others, cpu: "2" } };
      expect(containerOf(await read()).resources).toEqual(changed);
      await set({ cpu: before.limits.cpu ?? null, memory: before.limits.memory ?? null });
      expect(containerOf(await read()).resources).toEqual(before);
    });

    it("pauses, so that another template reaches no pod, and resumes", async () => {
      const { workloads, namespace } = fixture();
      const pause = (paused: boolean) =>
        made(workloads, ref(), (how) => workloads.setPaused(ref(), paused, how, signal));
      await pause(true);
      const before = await read();
      expect(readWorkload("deployments", before).paused).toBe(true);
      const sets = () => workloads.list({ kind: "replicasets", namespace, limit: 500 }, signal);
      const kept = (await sets()).items.map(({ metadata }) => metadata.name);
      const next = image(before);
      await made(workloads, ref(), (how) => workloads.setContainer(ref(), next, how, signal));
      expect((await sets()).items.map(({ metadata }) => metadata.name)).toEqual(kept);
      const template = templateObject(rawTemplate(before));
      await made(workloads, ref(), (how) => workloads.setTemplate(ref(), template, how, signal));
      await pause(false);
      expect(readWorkload("deployments", await read()).paused).toBe(false);
    });

    it("sets the bounds of an autoscaler, and back", async () => {
      const { workloads } = fixture();
      const before = await bounds();
      const set = (to: ReplicaBounds) =>
        made(workloads, scaler(), (how) => workloads.setBounds(scaler(), to, how, signal));
      await set({ min: before.min, max: before.max + 2 });
      expect(await bounds()).toEqual({ min: before.min, max: before.max + 2 });
      await set(before);
      expect(await bounds()).toEqual(before);
    });

    /** Each of the changes, with that precondition. */
    const each = async (how: (object: KubeObject) => Change, given = signal) => {
      const { workloads } = fixture();
      const object = await read();
      const template = templateObject(rawTemplate(object));
      const scaled = await existing(workloads, scaler());
      return [
        () => workloads.setContainer(ref(), image(object), how(object), given),
        () => workloads.setTemplate(ref(), template, how(object), given),
        () => workloads.setPaused(ref(), true, how(object), given),
        () => workloads.setBounds(scaler(), { min: 1, max: 99 }, how(scaled), given),
      ];
    };

    it("changes nothing on a dry run, with another precondition, or for who has given up", async () => {
      const { workloads } = fixture();
      const [object, before] = [await read(), await bounds()];
      // Controllers may still write what the tests before have brought about.
      await vi.waitFor(async () => {
        for (const make of await each((found) => change(found, true))) await make();
      }, 10_000);
      const stale = (found: KubeObject) => {
        const { expects } = change(found);
        return { expects: { ...expects, resourceVersion: "1" }, dryRun: false };
      };
      for (const make of await each(stale)) {
        await expect(make()).rejects.toMatchObject(failure("conflict"));
      }
      for (const make of await each((found) => change(found), aborted())) {
        await expect(make()).rejects.toThrow();
      }
      expect((await existing(workloads, ref())).metadata.generation).toBe(
        object.metadata.generation,
      );
      expect(await bounds()).toEqual(before);
    });

    it("throws not_found for what there is not", async () => {
      const { workloads } = fixture();
      const missing = { ...ref(), name: "no-such-object" };
      const how = change(await read());
      for (const make of [
        () => workloads.setPaused(missing, true, how, signal),
        () => workloads.setBounds(missing, { min: 1, max: 2 }, how, signal),
        () => workloads.setTemplate(missing, {}, how, signal),
      ]) {
        await expect(make()).rejects.toMatchObject(failure("not_found"));
      }
    });
  });
}

function containerOf(object: KubeObject) {
  const { containers } = readWorkload("deployments", object).template.spec;
  const [only] = containers;
  if (!only) throw new Error("a deployment without a container");
  return only;
}
