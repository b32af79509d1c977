import { expect, test } from "vitest";
import { object, pod } from "../../support/objects.ts";
import { told, webPod } from "./pods/examined.ts";

const gateway = { podSelector: { matchLabels: { app: "gateway" } } };
const edge = { namespaceSelector: { matchLabels: { name: "edge" } } };
const world = (from: readonly object[], labels = {}) => ({
  namespaces: [object("data", {}, { labels, namespace: undefined })],
  pods: [webPod(), pod("gateway-1", { metadata: { labels: { app: "gateway" } } })],
  networkpolicies: [
    object("web", {
      spec: { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from }] },
    }),
  ],
});

test("a peer that asks for namespace and pod at once keeps its own pods out", () => {
  expect(told(world([{ ...gateway, ...edge }]))).toEqual([
    'network_policy (likely): NetworkPolicy data/web lets in only pods "app=gateway" of namespaces "name=edge": one peer asks for both, so that pods of these labels in namespace data are kept out, such as gateway-1.',
  ]);
});

test("two peers are alternatives, and a namespace that fits is in", () => {
  expect(told(world([gateway, edge]))).toEqual([]);
  expect(told(world([{ ...gateway, ...edge }], { name: "edge" }))).toEqual([]);
});
