import { describe, expect, it } from "vitest";
import type { Workloads } from "#ports/workloads.ts";
import { aborted, type Opened, opened, signal } from "./contract.ts";
import { record } from "./kube.ts";

interface ServedKindsFixture extends Opened {
  readonly workloads: Workloads;
  /** It holds pods, a ConfigMap and a Secret of these names. */
  readonly namespace: string;
  readonly configMap: string;
  readonly secret: string;
}

/** What every implementation of the port `workloads` does with long lists, and with kinds found by discovery. */
export function servedKindsContract(name: string, open: () => Promise<ServedKindsFixture>): void {
  describe(`served kinds: ${name}`, () => {
    const fixture = opened(open);
    const served = async (resource: string, group: string) => {
      const kinds = await fixture().workloads.kinds(signal);
      const kind = kinds.find((each) => each.resource === resource && each.group === group);
      if (kind === undefined) throw new Error(`no ${resource} are served`);
      return kind;
    };

    it("goes on with a list where it ended", async () => {
      const { workloads, namespace } = fixture();
      const query = { kind: "pods", namespace } as const;
      const whole = await workloads.list({ ...query, limit: 500 }, signal);
      const first = await workloads.list({ ...query, limit: 1 }, signal);
      const rest = { ...query, limit: 500, continue: first.continue ?? "" };
      const second = await workloads.list(rest, signal);
      const names = [...first.items, ...second.items].map(({ metadata }) => metadata.name);
      expect(names).toEqual(whole.items.map(({ metadata }) => metadata.name));
      expect(whole.items.length).toBeGreaterThan(1);
      expect(second.continue).toBeUndefined();
    });

    it("names kinds as the API does", async () => {
      const deployments = { version: "v1", kind: "Deployment", namespaced: true };
      expect(await served("deployments", "apps")).toMatchObject(deployments);
      expect((await served("deployments", "apps")).short).toContain("deploy");
      expect(await served("nodes", "")).toMatchObject({ kind: "Node", namespaced: false });
    });

    it("lists a kind that was found as any other", async () => {
      const { workloads, namespace, configMap } = fixture();
      const query = { namespace, fieldSelector: `metadata.name=${configMap}`, limit: 5 };
      const kind = await served("configmaps", "");
      const { items } = await workloads.listServed({ ...query, kind }, signal);
      expect(items).toHaveLength(1);
      expect(items).toEqual((await workloads.list({ ...query, kind: "configmaps" }, signal)).items);
    });

    it("shows no values of Secrets", async () => {
      const { workloads, namespace, secret } = fixture();
      const query = { namespace, kind: await served("secrets", ""), limit: 500 };
      const { items } = await workloads.listServed(query, signal);
      const object = items.find(({ metadata }) => metadata.name === secret);
      expect(new Set(Object.values(record(object?.data)))).toEqual(new Set([""]));
    });

    it("does nothing when the caller has given up", async () => {
      const { workloads } = fixture();
      const kind = await served("configmaps", "");
      await expect(workloads.listServed({ kind, limit: 1 }, aborted())).rejects.toThrow();
    });
  });
}
