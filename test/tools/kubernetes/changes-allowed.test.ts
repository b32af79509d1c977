import { expect, test } from "vitest";
import { connect } from "../../support/connect.ts";

const target = { name: "customer-etl", namespace: "data" };

test.each([
  ["kubectl_scale", { ...target, replicas: 5 }],
  ["kubectl_rollout_undo", target],
  ["kubectl_rollout_pause", { ...target, paused: true }],
  ["kubectl_set_image", { ...target, image: "team/app:v1" }],
  ["kubectl_set_resources", { ...target, memory_limit: "1Gi" }],
  ["kubectl_set_hpa_bounds", { ...target, max_replicas: 5 }],
])("%s changes nothing outside the namespaces that are allowed", async (tool, args) => {
  const { call } = await connect({ settings: { namespaces: ["shop"] } });
  const { text, failed } = await call(tool, args);
  expect(failed).toBe(true);
  expect(text).toContain("not_allowed: Namespace data is outside --namespaces.");
});

test("none of them is offered in read-only mode, or carried out when it is called all the same", async () => {
  const { call, listTools } = await connect({ mode: "read-only" });
  const names = (await listTools()).map(({ name }) => name);
  expect(names).not.toContain("kubectl_scale");
  await expect(call("kubectl_scale", { ...target, replicas: 5 })).rejects.toThrow();
});
