import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { placeOf, type ServedKind } from "#domain/kubernetes/places.ts";
import { OpsError } from "#errors.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { object, pod } from "../../support/objects.ts";

const hungry = (index: number, memory: string, cpu = "100m") =>
  object(`loader-${index}`, { containers: [{ name: "app", usage: { cpu, memory } }] });

const limited = (index: number) =>
  pod(`loader-${index}`, {
    spec: {
      containers: [
        { name: "app", resources: { requests: { cpu: "200m" }, limits: { memory: "256Mi" } } },
      ],
    },
  });

/** A cluster that serves these kinds and has measured nothing. */
const unmeasured = (kinds: readonly ServedKind[]) =>
  withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      kinds: async () => kinds,
      list: async (query, signal) =>
        query.kind.endsWith("metrics")
          ? { items: [], remaining: 0 }
          : workloads.list(query, signal),
    },
  }));

/** A cluster in which only these are measured. */
const measured =
  (added: Parameters<typeof withObjects>[0]) =>
  (world: Parameters<ReturnType<typeof unmeasured>>[0]) =>
    withObjects(added)(unmeasured([])(world));

describe("kubectl_top", () => {
  it("shows pods against requests and limits, the largest first", async () => {
    const podmetrics = [hungry(0, "64Mi", "300m"), hungry(1, "250Mi"), hungry(2, "100Mi")];
    const pods = [limited(0), limited(1), pod("loader-2")];
    const { call } = await connect({ world: measured({ podmetrics, pods }) });
    const args = { what: "pods", namespace: "data" };
    const { text, value } = await call("kubectl_top", args);
    expect(text).toMatchInlineSnapshot(`
      "3 pods in namespace data, by memory. Near the memory limit: loader-1 98%. Not measured: 11 more pods that did not run or came too late.
      | name | cpu | cpu request | memory | memory request | memory limit | memory percent |
      |---|---|---|---|---|---|---|
      | loader-1 | 100m | 200m | 250Mi | 256Mi | 256Mi | 98 |
      | loader-2 | 100m | none | 100Mi | none | none | none |
      | loader-0 | 300m | 200m | 64Mi | 256Mi | 256Mi | 25 |"
    `);
    expect(value).toMatchObject({ measured: true, left_out: 0 });
    const byCpu = await call("kubectl_top", { ...args, sort_by: "cpu", limit: 1 });
    expect(byCpu.value.rows).toMatchObject([{ name: "loader-0", cpu: "300m" }]);
    expect(byCpu.text).toContain("1 of 3 shown. Raise limit to see more.");
  });

  it("shows nodes against what they have for pods", async () => {
    const usage = { cpu: "1960m", memory: "3Gi" };
    const nodemetrics = [object("node-a", { usage }, { namespace: undefined })];
    const { call } = await connect({ world: measured({ nodemetrics }) });
    const { text } = await call("kubectl_top", { what: "nodes" });
    expect(text).toMatchInlineSnapshot(`
      "1 node, by memory. Not measured: 2 more nodes that did not run or came too late.
      | name | cpu | cpu limit | cpu percent | memory | memory limit | memory percent |
      |---|---|---|---|---|---|---|
      | node-a | 1.96 | 3.92 | 50 | 3Gi | 15Gi | 20 |"
    `);
  });

  it("stays small with many pods", async () => {
    const podmetrics = Array.from({ length: 900 }, (_, index) => hungry(index, `${index}Mi`));
    const pods = podmetrics.map((_, index) => limited(index));
    const { call } = await connect({ world: measured({ podmetrics, pods }) });
    const { text, value } = await call("kubectl_top", { what: "pods", all_namespaces: true });
    expect(text).toContain("900 pods, by memory. Near the memory limit: loader-899 351%");
    expect(encode(text).length).toBeLessThan(2_000);
    expect(encode(JSON.stringify(value)).length).toBeLessThan(2_000);
  });

  it("measures the sandbox's pods as they run", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text } = await call("kubectl_top", { what: "pods", namespace: "shop" });
    expect(text).toMatchInlineSnapshot(`
      "5 pods in namespace shop, by memory. Not measured: 4 more pods that did not run or came too late.
      | name | cpu | cpu request | memory | memory request | memory limit | memory percent |
      |---|---|---|---|---|---|---|
      | catalogue-b2df44d86g-s686b | 84m | 250m | 174Mi | 256Mi | 512Mi | 34 |
      | catalogue-b2df44d86g-cv454 | 71m | 250m | 168Mi | 256Mi | 512Mi | 33 |
      | storefront-82gd99f25g-5pn92 | 66m | 250m | 152Mi | 256Mi | 512Mi | 30 |
      | storefront-82gd99f25g-brldb | 136m | 250m | 149Mi | 256Mi | 512Mi | 29 |
      | catalogue-b2df44d86g-92q56 | 134m | 250m | 145Mi | 256Mi | 512Mi | 28 |"
    `);
    const nodes = await call("kubectl_top", { what: "nodes", sort_by: "cpu" });
    expect(nodes.value.rows).toHaveLength(3);
  });

  it("says that nothing is measured, and what to do", async () => {
    const { call } = await connect({ world: unmeasured([]) });
    const { text, value } = await call("kubectl_top", { what: "nodes" });
    expect(text).toMatch(/^The cluster serves no metrics API .*\nInstall metrics-server/);
    expect(value).toMatchObject({ measured: false, rows: [] });
    const missing = await call("kubectl_top", { what: "pods", namespace: "dta" });
    expect(missing.text).toContain("There is no namespace dta.");
  });

  it("tells an empty answer and a broken metrics API from none", async () => {
    const metrics = { ...placeOf("podmetrics"), singular: "", short: [] };
    const { call } = await connect({ world: unmeasured([metrics]) });
    const empty = await call("kubectl_top", { what: "pods" });
    expect(empty.text).toMatch(/^No measurements of pods in namespace default\./);
    const broken = withCluster(({ workloads }) => ({
      workloads: {
        ...workloads,
        list: (query, signal) =>
          query.kind === "podmetrics"
            ? Promise.reject(new OpsError("backend_error", "HTTP 503.", "Try again."))
            : workloads.list(query, signal),
      },
    }));
    const { text } = await (await connect({ world: broken })).call("kubectl_top", { what: "pods" });
    expect(text).toMatch(/^backend_error: The metrics API is installed and does not answer/);
  });
});
