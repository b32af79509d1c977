import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workloadsPermissions } from "#adapters/kubernetes/workloads.ts";
import { checkClusters } from "#adapters/live-clusters.ts";
import type { ResourceKind } from "#domain/kubernetes/object.ts";
import type { Workloads } from "#ports/workloads.ts";
import { change } from "../../ports/kube.ts";
import { cluster, livePorts } from "./cluster.ts";
import { account, apply, createAccount, install, recorder, remove } from "./roles.ts";

const { cordon, evict, createJob, shiftTraffic } = workloadsPermissions;
const namespace = "toolset-permissions";
const signal = AbortSignal.timeout(300_000);

describe("toolsets with roles of their own", () => {
  let workloads: Workloads;
  let kubeconfig: string;

  beforeAll(async () => {
    await createAccount();
    await install(namespace, 4);
    kubeconfig = await cluster().accountKubeconfig("firewatch", "firewatch");
    ({ workloads } = await livePorts(4, kubeconfig));
  });
  afterAll(async () => {
    await remove("nodes.yaml");
    await remove("extra.yaml");
  });

  /** An object by the administrator's eyes, for these roles alone read nothing. */
  async function seen(kind: ResourceKind, name?: string) {
    const admin = (await livePorts(4)).workloads;
    const { items } = await admin.list({ kind, namespace, limit: 50 }, signal);
    const object = items.find(({ metadata }) => name === undefined || metadata.name === name);
    if (!object) throw new Error(`no ${kind}`);
    return object;
  }

  async function evictOne() {
    const { name, uid } = (await seen("pods")).metadata;
    await workloads.evict({ namespace, name, uid }, true, signal);
  }

  it("doctor asks for them when their toolsets are on, and for no others", async () => {
    const env = await cluster().environment(4, kubeconfig);
    const missing = async (...toolsets: string[]) => {
      const wanted = { contexts: [], env, namespaces: [], changes: true, toolsets };
      const checks = await checkClusters(wanted, signal);
      return checks.flatMap(({ subject, fix = "" }) =>
        /nodes|extra/.test(fix) ? [subject.replace(/ on .*/, "")] : [],
      );
    };
    expect(await missing("default")).toEqual([]);
    expect(await missing("default", "nodes")).toEqual(["change nodes"]);
    expect(await missing("all")).toEqual(["change nodes", "evict, run, shift"]);
  });

  it("nodes.yaml: cordons and evictions use all of it and no more", async () => {
    await apply("nodes.yaml", ["patch", "nodes"]);
    const record = recorder(account);
    const node = await seen("nodes");
    await workloads.cordon(node.metadata.name, true, change(node, true), signal);
    await evictOne();
    await record.isExactly([...cordon, ...evict]);
  });

  it("extra.yaml: evictions, jobs and traffic use all of it and no more", async () => {
    await apply("extra.yaml", ["patch", "services"]);
    const record = recorder(account);
    await evictOne();
    const container = { name: "app", image: "example.com/app:1" };
    const spec = { template: { spec: { restartPolicy: "Never", containers: [container] } } };
    const job = { namespace, name: "by-hand", labels: {}, annotations: {}, spec };
    await workloads.createJob(job, true, signal);
    const where = { namespace, name: "shared" };
    const service = change(await seen("services", "shared"), true);
    const selector = { kind: "services", ...where, selector: { track: "blue" } } as const;
    await workloads.shiftTraffic(selector, service, signal);
    const ingress = change(await seen("ingresses", "shared"), true);
    await workloads.shiftTraffic({ kind: "ingresses", ...where, weight: "5" }, ingress, signal);
    const route = { kind: "httproutes", ...where, rules: [] } as const;
    const shifted = workloads.shiftTraffic(route, ingress, signal);
    await expect(shifted).rejects.toMatchObject({ code: "not_found" });
    await record.isExactly([...evict, ...createJob, ...shiftTraffic]);
  });
});
