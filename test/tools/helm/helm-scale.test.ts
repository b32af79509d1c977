import { expect, test } from "vitest";
import { kubeObjectSchema } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";

const ask = { release: "customer-etl", namespace: "data", replicas: 6 };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

const autoscaler = kubeObjectSchema.parse({
  metadata: { name: "customer-etl", namespace: "data" },
  spec: {
    scaleTargetRef: { kind: "Deployment", name: "customer-etl" },
    minReplicas: 2,
    maxReplicas: 10,
  },
});

const autoscaled = withCluster(({ workloads }) => ({
  workloads: {
    ...workloads,
    async list(query, signal) {
      if (query.kind === "horizontalpodautoscalers") return { items: [autoscaler], remaining: 0 };
      return workloads.list(query, signal);
    },
  },
}));

/** The release as if its chart had a second workload. */
const twoWorkloads = withCluster(({ releases }) => ({
  releases: {
    ...releases,
    async content(...args) {
      const content = await releases.content(...args);
      const second =
        "---\nkind: StatefulSet\nmetadata: {name: customer-etl-cache}\nspec: {replicas: 1}";
      return { ...content, manifest: `${content.manifest}\n${second}` };
    },
  },
}));

test("a dry run finds the workload of the release and shows what would change", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("helm_scale", ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Scale deployment/customer-etl of release customer-etl from 3 to 6.
    Action ACT-1.

    Target: Deployment data/customer-etl in cluster sandbox. Risk: medium. Reversible: yes.
    Impact: Adds 3 pods to the 3 of deployment/customer-etl. Each asks for customer-etl cpu 250m, memory 256Mi.
    Warning: The next upgrade or rollback of the release sets the chart's count again; Helm 4 may ask for --force-conflicts first.
    Warning: Whether the nodes and quotas have room is not checked.
    \`\`\`diff
    Deployment customer-etl
      spec.replicas: 3 → 6
    \`\`\`
    Way back: undo_action, which calls helm_scale with release "customer-etl", namespace "data", workload "customer-etl", replicas 3
    By hand: kubectl scale deployment/customer-etl --replicas=6 --current-replicas=3 --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an approved scaling is carried out and verified, and its way back returns the count", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call("helm_scale", ask);
  expect(value, text).toMatchObject({
    status: "applied",
    result: { from: 3, to: 6 },
    verification: { outcome: "passed" },
  });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { from: 6, to: 3 } });
});

test("zero replicas are named for what they are", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("helm_scale", { ...ask, replicas: 0 });
  expect(text).toContain("This stops deployment/customer-etl: no pod is left to serve.");
});

test("replicas that an autoscaler owns are refused unless policy allows it", async () => {
  const refused = await connect({ answer: yes, world: autoscaled });
  const { text, failed } = await refused.call("helm_scale", ask);
  expect(failed).toBe(true);
  expect(text).toContain("HorizontalPodAutoscaler");
});

test("a release with several workloads needs the name of one", async () => {
  const { call } = await connect({ mode: "dry-run", world: twoWorkloads });
  const vague = await call("helm_scale", ask);
  expect(vague.text).toContain(
    "Name one in `workload`: deployment/customer-etl, statefulset/customer-etl-cache.",
  );
  const { value } = await call("helm_scale", { ...ask, workload: "customer-etl" });
  expect(value).toMatchObject({ status: "planned" });
});

test("what the cluster would forbid shows in the plan", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async scale() {
        throw new OpsError(
          "access_denied",
          "deployments/scale may not be patched.",
          "Bind a role.",
        );
      },
    },
  }));
  const { call } = await connect({ mode: "dry-run", world });
  const { text } = await call("helm_scale", ask);
  expect(text).toContain(
    "Warning: The cluster would forbid this: deployments/scale may not be patched. Bind a role.",
  );
});

test.each([
  ["the count that it has", { replicas: 3 }, "no_change"],
  ["a negative count", { replicas: -1 }, "invalid_input"],
  ["a count beyond reason", { replicas: 1001 }, "invalid_input"],
  ["a workload of no such name", { workload: "other" }, "Name one of customer-etl in `workload`."],
  ["an unknown release", { release: "nothing" }, "not_found"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("helm_scale", { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
