import { expect, test } from "vitest";
import { blockMatch } from "#domain/kubernetes/address-block.ts";
import { readNetworkPolicy, verdict } from "#domain/kubernetes/network-policy.ts";
import { object } from "../../support/objects.ts";

const pod = { namespace: "data", namespaceLabels: { team: "data" }, labels: { app: "web" } };
const other = { namespace: "edge", namespaceLabels: { team: "edge" }, labels: { app: "proxy" } };
const port = { port: 8080, protocol: "TCP", names: ["http"] };

const policy = (spec: object, name = "policy") => readNetworkPolicy(object(name, { spec }));
const into = (...specs: readonly object[]) =>
  verdict(
    specs.map((spec, index) => policy(spec, `policy-${index}`)),
    pod,
    "ingress",
    other,
    port,
  );
const out = (...specs: readonly object[]) =>
  verdict(
    specs.map((spec) => policy(spec)),
    pod,
    "egress",
    other,
    port,
  );

const team = (name: string) => ({ namespaceSelector: { matchLabels: { team: name } } });
const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });

test("a pod is open until a policy selects it in that direction", () => {
  expect(into()).toEqual({ allowed: "yes", policies: [], checks: [] });
  expect(into({ podSelector: { matchLabels: { app: "db" } } }).allowed).toBe("yes");
  expect(into({ podSelector: {} })).toMatchObject({ allowed: "no", policies: ["policy-0"] });
  expect(into({ podSelector: {}, policyTypes: ["Egress"] }).allowed).toBe("yes");
  expect(out({ podSelector: {} }).allowed).toBe("yes");
  expect(out({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }).allowed).toBe("no");
  expect(out({ podSelector: {}, egress: [{ to: [team("data")] }] }).allowed).toBe("no");
  const elsewhere = readNetworkPolicy(object("x", { spec: {} }, { namespace: "edge" }));
  expect(verdict([elsewhere], pod, "ingress", other, port).allowed).toBe("yes");
});

test("an empty rule allows everybody, an empty selector every pod or namespace", () => {
  expect(into({ ingress: [{}] }).allowed).toBe("yes");
  expect(into({ ingress: [] }).allowed).toBe("no");
  expect(into({ ingress: [{ from: [{ namespaceSelector: {} }] }] }).allowed).toBe("yes");
  expect(into({ ingress: [{ from: [{ podSelector: {} }] }] }).allowed).toBe("no");
});

test.each([
  ["namespace and pod both fit", [{ ...team("edge"), ...app("proxy") }], "yes"],
  ["the pod does not fit", [{ ...team("edge"), ...app("web") }], "no"],
  ["the namespace does not fit", [{ ...team("data"), ...app("proxy") }], "no"],
  ["one of two peers fits", [team("edge"), app("nobody")], "yes"],
  ["a pod selector alone means the policy's own namespace", [app("proxy")], "no"],
])("within a peer AND, between peers OR: %s", (_, peers, allowed) => {
  expect(into({ ingress: [{ from: peers }] }).allowed).toBe(allowed);
});

test("what does not fit is told of each peer", () => {
  const from = [{ ...team("edge"), ...app("web") }, team("core")];
  expect(into({ ingress: [{ from }] }).checks).toMatchObject([
    {
      field: "spec.ingress[0].from[0]",
      misses: "pod",
      asks: "namespaces team=edge and there pods app=web",
    },
    { field: "spec.ingress[0].from[1]", misses: "namespace", asks: "namespaces team=core" },
  ]);
  const closed = { from: [team("edge")], ports: [{ port: 9090 }] };
  expect(into({ ingress: [closed] }).checks).toMatchObject([{ match: "no", misses: "port" }]);
});

test("rules add up over policies, and ports belong to their rule", () => {
  const right = { from: [team("edge")], ports: [{ port: 9090 }] };
  const wrong = { from: [team("core")], ports: [{ port: 8080 }] };
  expect(into({ ingress: [right, wrong] }).allowed).toBe("no");
  expect(into({ ingress: [right] }, { ingress: [{ from: [team("edge")] }] }).allowed).toBe("yes");
});

test("labels that are not known make it a maybe", () => {
  const unknown = { namespace: "edge", namespaceLabels: { team: "edge" } };
  const peer = { ...team("edge"), ...app("proxy") };
  const asked = [policy({ ingress: [{ from: [peer] }] })];
  expect(verdict(asked, pod, "ingress", unknown, port).allowed).toBe("maybe");
});

test.each([
  ["0.0.0.0/0", "10.0.0.7", "yes"],
  ["10.0.0.0/8", "10.200.3.4", "maybe"],
  ["10.0.0.0/24", "10.0.1.4", "no"],
  ["52.0.0.0/8", undefined, "no"],
  ["10.96.0.0/12", undefined, "maybe"],
  ["169.254.20.10/32", undefined, "maybe"],
  ["fd00::/8", "10.0.0.7", "maybe"],
] as const)("the block %s means %s: %s", (cidr, address, match) => {
  expect(blockMatch(cidr, address)).toBe(match);
});
