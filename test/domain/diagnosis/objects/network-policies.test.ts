import { expect, test } from "vitest";
import { container, deployment, object, pod, waiting } from "../../../support/objects.ts";
import { causesOf, told, type World } from "./diagnosed.ts";

const namespace = (name: string, labels: object = {}) =>
  object(
    name,
    {},
    { namespace: undefined, labels: { "kubernetes.io/metadata.name": name, ...labels } },
  );
const namespaces = [namespace("data"), namespace("kube-system"), namespace("ingress-nginx")];

const api = {
  env: [{ name: "WEB_URL", value: "http://web:80/v1" }],
};
const world = (policies: readonly object[], caller: object = api): World => ({
  deployments: [
    deployment("api", { podSpec: { containers: [{ name: "app", ...caller }] } }),
    deployment("web"),
  ],
  pods: [
    pod("web-1", {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", ports: [{ name: "http", containerPort: 8080 }] }] },
    }),
  ],
  services: [
    object("web", {
      spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },
    }),
  ],
  namespaces,
  networkpolicies: policies.map((spec, index) => object(`policy-${index + 1}`, { spec })),
});

const forWeb = (ingress: readonly object[]) => ({
  podSelector: { matchLabels: { app: "web" } },
  policyTypes: ["Ingress"],
  ingress,
});
const from = (...peers: readonly object[]) => [{ from: peers }];
const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });
const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

test("a caller that the policies keep out is named with the peer that comes nearest", () => {
  expect(told(world([forWeb(from(pods("apii")))]), "deployments")).toEqual([
    'network_policy (likely): NetworkPolicy policy-1 keeps Deployment data/api from Service data/web, port 8080, which it calls (variable "WEB_URL" of container app). Its nearest rule, spec.ingress[0].from[0] of policy-1, asks for pods app=apii of its own namespace, and the pod\'s labels do not fit.',
  ]);
  expect(told(world([forWeb([])]), "deployments")).toEqual([
    'network_policy (likely): NetworkPolicy policy-1 keeps Deployment data/api from Service data/web, port 8080, which it calls (variable "WEB_URL" of container app). Nothing is allowed by its ingress rules.',
  ]);
});

test("selectors of one peer must both fit, peers of a list are alternatives", () => {
  const both = { ...inNamespace("ingress-nginx"), ...pods("api") };
  const either = [inNamespace("ingress-nginx"), pods("api")];
  expect(causesOf(world([forWeb(from(both))]), "deployments")).toEqual(["network_policy"]);
  expect(causesOf(world([forWeb(from(...either))]), "deployments")).toEqual([]);
  const here = { ...inNamespace("data"), ...pods("api") };
  expect(causesOf(world([forWeb(from(here))]), "deployments")).toEqual([]);
});

test("policies add up: what one of them allows is allowed", () => {
  const denyAll = { podSelector: {}, policyTypes: ["Ingress"] };
  expect(causesOf(world([denyAll]), "deployments")).toEqual(["network_policy"]);
  expect(causesOf(world([denyAll, forWeb(from(pods("api")))]), "deployments")).toEqual([]);
});

test("ports count as the pod has them, by number, name and range", () => {
  const on = (port: object) => causesOf(world([forWeb([{ ports: [port] }])]), "deployments");
  expect(on({ port: 80 })).toEqual(["network_policy"]);
  expect(on({ port: 8080, protocol: "UDP" })).toEqual(["network_policy"]);
  expect(on({ port: 8080 })).toEqual([]);
  expect(on({ port: "http" })).toEqual([]);
  expect(on({ port: 8000, endPort: 8100 })).toEqual([]);
});

test("a caller's own egress rules count too", () => {
  const out = (egress: readonly object[]) => ({
    podSelector: { matchLabels: { app: "api" } },
    policyTypes: ["Egress"],
    egress,
  });
  expect(causesOf(world([out([{ to: [pods("db")] }])]), "deployments")).toEqual(["network_policy"]);
  expect(causesOf(world([out([{ to: [pods("web")] }])]), "deployments")).toEqual([]);
});

test("nobody is accused where no caller is known", () => {
  const denied = [forWeb([])];
  for (const value of ["web", "the web of things", "http://website/", "http://web.other:80"]) {
    const caller = { env: [{ name: "ROLE", value }] };
    expect(causesOf(world(denied, caller), "deployments"), value).toEqual([]);
  }
  const host = { env: [{ name: "WEB_HOST", value: "web" }] };
  expect(causesOf(world(denied, host), "deployments")).toEqual(["network_policy"]);
});

const ingress = object("shop", {
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        http: {
          paths: [{ path: "/", backend: { service: { name: "web", port: { number: 80 } } } }],
        },
      },
    ],
  },
  status: { loadBalancer: { ingress: [{ ip: "10.1.1.1" }] } },
});

test("an ingress controller lives in another namespace", () => {
  const shop = (...peers: readonly object[]) => {
    const quiet = world([forWeb(from(pods("api"), ...peers))]);
    return causesOf({ ...quiet, ingresses: [ingress] }, "ingresses");
  };
  expect(shop()).toEqual(["network_policy"]);
  expect(shop(inNamespace("ingress-ngnix"))).toEqual(["network_policy"]);
  expect(shop(inNamespace("ingress-nginx"))).toEqual([]);
  expect(shop({ ...inNamespace("ingress-nginx"), ...pods("controller") })).toEqual([]);
  expect(shop({ ipBlock: { cidr: "10.0.0.0/8" } })).toEqual([]);
});

test("the ingress controller's own pods decide, where they were read", () => {
  const controller = pod("controller", {
    metadata: { namespace: "ingress-nginx", labels: { app: "ingress-nginx-controller" } },
  });
  const only = (app: string) => {
    const peer = { ...inNamespace("ingress-nginx"), ...pods(app) };
    const shop = { ...world([forWeb(from(pods("api"), peer))]), ingresses: [ingress] };
    return causesOf(shop, "services", { ingressControllers: [controller] });
  };
  expect(only("edge")).toEqual(["network_policy"]);
  expect(only("ingress-nginx-controller")).toEqual([]);
});

test("egress rules without DNS are a finding about pods that are sick", () => {
  const only = (egress: readonly object[], sick: boolean): World => ({
    deployments: [deployment("web")],
    pods: [
      pod("web-1", {
        metadata: { labels: { app: "web" } },
        ...(sick ? { containers: [container(waiting("CrashLoopBackOff"))] } : {}),
      }),
    ],
    namespaces,
    networkpolicies: [
      object("egress", { spec: { podSelector: {}, policyTypes: ["Egress"], egress } }),
    ],
  });
  const https = [{ to: [{ ipBlock: { cidr: "52.0.0.0/8" } }], ports: [{ port: 443 }] }];
  const dns = { to: [inNamespace("kube-system")], ports: [{ port: 53, protocol: "UDP" }] };
  expect(told(only(https, true), "deployments")).toEqual([
    "network_policy (likely): NetworkPolicy egress lets Deployment data/web send nothing to DNS (UDP port 53 of kube-system), so that it cannot resolve names. Its nearest rule, spec.egress[0].to[0] of egress, asks for addresses 52.0.0.0/8, and the address does not fit.",
  ]);
  expect(causesOf(only([...https, dns], true), "deployments")).toEqual([]);
  expect(causesOf(only(https, false), "deployments")).toEqual([]);
});
