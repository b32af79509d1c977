import { describe, expect, it } from "vitest";
import { kubeObjectSchema, readableKinds } from "#domain/kubernetes/object.ts";
import type { Workloads } from "#ports/workloads.ts";
import { aborted, failure, type Opened, opened, signal } from "./contract.ts";
import {
  change,
  existing,
  includes,
  matchLabels,
  ownedKeys,
  record,
  replicasOf,
  scaleTo,
  templateAnnotations,
} from "./kube.ts";

export interface WorkloadsFixture extends Opened {
  readonly workloads: Workloads;
  readonly now: Date;
  readonly namespace: string;
  /** A deployment with pods, neither paused nor owned by an autoscaler. It will be restarted and scaled. */
  readonly deployment: string;
  /** A ConfigMap with at least two keys. They will be changed. */
  readonly configMap: string;
  /** A Secret with at least one key. */
  readonly secret: string;
}

/** What every implementation of the port `workloads` does. */
export function workloadsContract(name: string, open: () => Promise<WorkloadsFixture>): void {
  describe(`workloads: ${name}`, () => {
    const fixture = opened(open);
    const deployment = () => {
      const { namespace, deployment: object } = fixture();
      return { kind: "deployments", namespace, name: object } as const;
    };
    const configMap = () => {
      const { namespace, configMap: object } = fixture();
      return { kind: "configmaps", namespace, name: object } as const;
    };

    it("answers undefined for what there is not, of every kind", async () => {
      const { workloads, namespace } = fixture();
      for (const kind of readableKinds) {
        const ref = { kind, namespace, name: "no-such-object" };
        expect(await workloads.get(ref, signal)).toBeUndefined();
      }
    });

    it("lists every kind, and nothing of a namespace that there is not", async () => {
      const { workloads } = fixture();
      for (const kind of readableKinds) {
        const { items } = await workloads.list({ kind, limit: 500 }, signal);
        expect(items.every((item) => kubeObjectSchema.safeParse(item).success)).toBe(true);
      }
      const elsewhere = { kind: "pods", namespace: "no-such-namespace", limit: 10 } as const;
      expect(await workloads.list(elsewhere, signal)).toEqual({ items: [], remaining: 0 });
    });

    it("lists by namespace, then name, and says how many it left out", async () => {
      const { workloads, namespace } = fixture();
      const all = await workloads.list({ kind: "pods", limit: 500 }, signal);
      const keys = all.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      expect(keys).toEqual(keys.toSorted());
      expect(all.remaining).toBe(0);
      const own = await workloads.list({ kind: "pods", namespace, limit: 500 }, signal);
      expect(own.items.length).toBeGreaterThan(1);
      expect(own.items.every(({ metadata }) => metadata.namespace === namespace)).toBe(true);
      const one = await workloads.list({ kind: "pods", namespace, limit: 1 }, signal);
      expect(one.items).toHaveLength(1);
      expect([own.items.length - 1, -1]).toContain(one.remaining);
    });

    it("lists by labels and by fields", async () => {
      const { workloads, namespace } = fixture();
      const object = await existing(workloads, deployment());
      const labels = matchLabels(object);
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      const query = { kind: "pods", namespace, limit: 500 } as const;
      const { items } = await workloads.list({ ...query, labelSelector }, signal);
      const [first] = items;
      expect(items.length).toBeGreaterThan(0);
      expect(items.every(({ metadata }) => includes(metadata.labels, labels))).toBe(true);
      const fieldSelector = `metadata.name=${first?.metadata.name}`;
      const named = await workloads.list({ ...query, fieldSelector }, signal);
      expect(named.items.map(({ metadata }) => metadata.name)).toEqual([first?.metadata.name]);
      const others = await workloads.list(
        { ...query, labelSelector: `${Object.keys(labels)[0]} notin (no-such-value),!no-such-key` },
        signal,
      );
      expect(others.items.length).toBeGreaterThanOrEqual(items.length);
    });

    it("refuses selectors that cannot be read", async () => {
      const { workloads, namespace } = fixture();
      const query = { kind: "pods", namespace, limit: 10 } as const;
      await expect(
        workloads.list({ ...query, labelSelector: "a in (b" }, signal),
      ).rejects.toMatchObject(failure("invalid_input"));
      await expect(
        workloads.list({ ...query, fieldSelector: "spec.nosuchfield=x" }, signal),
      ).rejects.toMatchObject(failure("invalid_input"));
    });

    it("tells how the API server is", async () => {
      const { ready, failing, version, milliseconds } = await fixture().workloads.health(signal);
      expect({ ready, failing }).toEqual({ ready: true, failing: [] });
      expect(version).toMatch(/^v1\.\d+/);
      expect(milliseconds).toBeGreaterThanOrEqual(0);
    });

    it("serves objects with identity, version and age", async () => {
      const { metadata } = await existing(fixture().workloads, deployment());
      expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(metadata.resourceVersion).toMatch(/^\d+$/);
      expect(metadata.generation).toBeGreaterThanOrEqual(1);
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it("shows a secret's keys and none of its values", async () => {
      const { workloads, namespace, secret } = fixture();
      const object = await existing(workloads, { kind: "secrets", namespace, name: secret });
      const values = Object.values(record(object.data));
      expect(values.length).toBeGreaterThan(0);
      expect(new Set(values)).toEqual(new Set([""]));
    });

    it("lists metadata alone: who set which keys, and no values", async () => {
      const { workloads, namespace, secret } = fixture();
      const query = { namespace, metadataOnly: true, limit: 500 } as const;
      for (const [kind, name] of [
        ["secrets", secret],
        ["configmaps", configMap().name],
      ] as const) {
        const whole = await existing(workloads, { kind, namespace, name });
        const { items } = await workloads.list({ ...query, kind }, signal);
        const found = items.find(({ metadata }) => metadata.name === name);
        expect(record(found?.data)).toEqual({});
        expect(ownedKeys(found)).toEqual(new Set(Object.keys(record(whole.data))));
      }
    });

    it("changes nothing on a dry run", async () => {
      const { workloads, now } = fixture();
      const before = await existing(workloads, deployment());
      const dry = change(before, true);
      const shown = await workloads.scale(deployment(), replicasOf(before) + 1, dry, signal);
      expect(replicasOf(shown)).toBe(replicasOf(before) + 1);
      await workloads.restart(deployment(), now, dry, signal);
      const map = await existing(workloads, configMap());
      await workloads.patchConfigMap(configMap(), { added: "1" }, change(map, true), signal);
      const after = await existing(workloads, deployment());
      expect(after.metadata.generation).toBe(before.metadata.generation);
      expect(replicasOf(after)).toBe(replicasOf(before));
      expect(await existing(workloads, configMap())).toEqual(map);
    });

    it("throws conflict when the object is not as it was read", async () => {
      const { workloads, now } = fixture();
      const object = await existing(workloads, deployment());
      const { expects } = change(object);
      const stale = { expects: { ...expects, resourceVersion: "1" }, dryRun: false };
      const other = { ...expects, uid: "00000000-0000-4000-8000-000000000000" };
      const conflict = failure("conflict");
      await expect(workloads.scale(deployment(), 9, stale, signal)).rejects.toMatchObject(conflict);
      await expect(
        workloads.restart(deployment(), now, { expects: other, dryRun: false }, signal),
      ).rejects.toMatchObject(conflict);
      const map = await existing(workloads, configMap());
      const old = { expects: { ...change(map).expects, resourceVersion: "1" }, dryRun: false };
      await expect(
        workloads.patchConfigMap(configMap(), { added: "1" }, old, signal),
      ).rejects.toMatchObject(conflict);
      const after = await existing(workloads, deployment());
      expect(after.metadata.generation).toBe(object.metadata.generation);
    });

    it("throws not_found for a change to what there is not", async () => {
      const { workloads, now } = fixture();
      const ref = { ...deployment(), name: "no-such-object" };
      const how = change(await existing(workloads, deployment()));
      await expect(workloads.restart(ref, now, how, signal)).rejects.toMatchObject(
        failure("not_found"),
      );
      await expect(workloads.scale(ref, 1, how, signal)).rejects.toMatchObject(
        failure("not_found"),
      );
    });

    it("does nothing when the caller has given up", async () => {
      const { workloads, now } = fixture();
      const before = await existing(workloads, deployment());
      const restart = workloads.restart(deployment(), now, change(before), aborted());
      await expect(restart).rejects.toThrow();
      const after = await existing(workloads, deployment());
      expect(after.metadata.generation).toBe(before.metadata.generation);
    });

    it("restarts: a new template, at once visible", async () => {
      const { workloads, now } = fixture();
      const before = await existing(workloads, deployment());
      await workloads.restart(deployment(), now, change(before), signal);
      const after = await existing(workloads, deployment());
      expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
      expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
      const annotation = templateAnnotations(after)["kubectl.kubernetes.io/restartedAt"];
      expect(new Date(String(annotation)).getTime()).toBe(Math.floor(now.getTime() / 1000) * 1000);
    });

    it("scales, at once visible, and back", async () => {
      const { workloads } = fixture();
      const before = await existing(workloads, deployment());
      const replicas = replicasOf(before);
      await scaleTo(workloads, deployment(), replicas + 1);
      expect(replicasOf(await existing(workloads, deployment()))).toBe(replicas + 1);
      await scaleTo(workloads, deployment(), replicas);
      expect(replicasOf(await existing(workloads, deployment()))).toBe(replicas);
    });

    it("sets and removes keys of a ConfigMap and leaves the others", async () => {
      const { workloads } = fixture();
      const before = await existing(workloads, configMap());
      const data = record(before.data);
      const [first = "", ...others] = Object.keys(data);
      expect(others.length).toBeGreaterThan(0);
      const patch = { [first]: "changed", "added-key": "added" };
      await workloads.patchConfigMap(configMap(), patch, change(before), signal);
      const patched = await existing(workloads, configMap());
      expect(record(patched.data)).toEqual({ ...data, ...patch });
      const back = { [first]: String(data[first]), "added-key": null };
      await workloads.patchConfigMap(configMap(), back, change(patched), signal);
      expect(record((await existing(workloads, configMap())).data)).toEqual(data);
    });
  });
}
