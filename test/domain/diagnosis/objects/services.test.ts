import { expect, test } from "vitest";
import { serviceSelector } from "#domain/diagnosis/objects/service-selector.ts";
import {
  condition,
  container,
  deployment,
  object,
  pod,
  waiting,
} from "../../../support/objects.ts";
import { causesOf, scopeOf, snapshotOf, told } from "./diagnosed.ts";

const service = (spec: object, name = "web") => object(name, { spec });
const ports = (targetPort?: number | string) => [
  { name: "http", port: 80, ...(targetPort === undefined ? {} : { targetPort }) },
];
const listening = (name: string, containerPort: number) => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "app", image: "web:1", ports: [{ name, containerPort }] }] },
});
const web = pod("web-1", listening("http", 8080));

test("a Service that selects nothing names the labels that come nearest", () => {
  const services = [service({ selector: { app: "wbe", tier: "front" }, ports: ports() })];
  const world = { services, deployments: [deployment("web")], pods: [web] };
  expect(told(world, "services")).toEqual([
    "service_selector (certain): Service data/web selects app=wbe,tier=front, which no pod carries; Deployment data/web's pods carry app=web.",
  ]);
  expect(causesOf(world, "deployments")).toEqual(["service_selector"]);
  expect(causesOf(world, "services", { unread: ["pods"] })).toEqual([]);
});

test("a Service is in order when its pods are merely not there, or when it has no selector", () => {
  const idle = deployment("web", { spec: { replicas: 0 } });
  const services = [service({ selector: { app: "web" }, ports: ports() })];
  expect(causesOf({ services, deployments: [idle] }, "services")).toEqual([]);
  expect(causesOf({ services: [service({ ports: ports() })] }, "services")).toEqual([]);
  const ordinal = { app: "web", "statefulset.kubernetes.io/pod-name": "web-0" };
  const own = [service({ selector: ordinal, ports: ports() })];
  expect(causesOf({ services: own, deployments: [idle] }, "services")).toEqual([]);
});

test("somebody else's Service without pods is no finding about a workload", () => {
  const services = [service({ selector: { app: "gone", tier: "front" }, ports: ports() }, "other")];
  const world = { services, deployments: [deployment("web")], pods: [web] };
  const scope = { ...scopeOf(world, "deployments"), of: () => [] };
  expect(serviceSelector(scope, snapshotOf(world))).toEqual([]);
  const own = { ...world, services: [service({ selector: { app: "wbe" }, ports: ports() })] };
  expect(serviceSelector(scope, snapshotOf(own))).toHaveLength(1);
});

test("a targetPort must be declared by name, and by number only where ports are declared", () => {
  const to = (target?: number | string) => ({
    services: [service({ selector: { app: "web" }, ports: ports(target) })],
    pods: [web],
  });
  expect(told(to("https"), "services")).toEqual([
    "service_port_name (certain): Service data/web sends port 80 to the port named https, which its pods do not declare; they declare http 8080.",
  ]);
  expect(told(to(9090), "services")).toEqual([
    "service_target_port (likely): Service data/web sends port 80 to port 9090, and its pods declare http 8080.",
  ]);
  expect(causesOf(to(), "services")).toEqual(["service_target_port"]);
  expect(causesOf(to("http"), "services")).toEqual([]);
  expect(causesOf(to(8080), "services")).toEqual([]);
});

test("a sidecar without ports hides nothing", () => {
  const sidecar = pod("web-1", {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "app", ports: [{ containerPort: 8080 }] }, { name: "shipper" }] },
    status: { conditions: [condition("Ready", "True")] },
  });
  const services = [service({ selector: { app: "web" }, ports: ports(9090) })];
  expect(causesOf({ services, pods: [sidecar] }, "services")).toEqual(["service_target_port"]);
});

test("a port that is not declared is no fault while a probe of a ready pod asks it", () => {
  const probed = pod("web-1", {
    metadata: { labels: { app: "web" } },
    spec: {
      containers: [
        {
          name: "app",
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { port: 9090 } },
        },
      ],
    },
  });
  const services = [service({ selector: { app: "web" }, ports: ports(9090) })];
  expect(causesOf({ services, pods: [probed] }, "services")).toEqual([]);
  const silent = pod("web-1", { metadata: { labels: { app: "web" } } });
  expect(causesOf({ services, pods: [silent] }, "services")).toEqual([]);
});

test("a Service without any ready pod says how many there are", () => {
  const crashing = (name: string) =>
    pod(name, {
      metadata: { labels: { app: "web" } },
      containers: [container(waiting("CrashLoopBackOff"))],
      status: { conditions: [condition("Ready", "False", "ContainersNotReady")] },
    });
  const services = [service({ selector: { app: "web" }, ports: ports(8080) })];
  const world = { services, pods: [crashing("web-1"), crashing("web-2")] };
  expect(told(world, "services")).toEqual([
    "service_pods_not_ready (certain): Service data/web has no endpoint to send to: none of its 2 pods is ready.",
  ]);
  expect(causesOf({ ...world, pods: [...world.pods, web] }, "services")).toEqual([]);
  const open = [service({ selector: { app: "web" }, publishNotReadyAddresses: true })];
  expect(causesOf({ ...world, services: open }, "services")).toEqual([]);
});

const route = (name: string, port: object) => ({
  ingressClassName: "nginx",
  rules: [
    { host: "shop.test", http: { paths: [{ path: "/", backend: { service: { name, port } } }] } },
  ],
});
const ingress = (spec: object, ingress: readonly object[] = [{ ip: "10.1.1.1" }]) =>
  object("shop", { spec, status: { loadBalancer: { ingress } } });

test("an Ingress's backend must be a Service with that port", () => {
  const services = [service({ selector: { app: "web" }, ports: ports("http") })];
  const to = (name: string, port: object) => ({
    ingresses: [ingress(route(name, port))],
    services,
    pods: [web],
    ingressclasses: [object("nginx")],
  });
  expect(told(to("wweb", { number: 80 }), "ingresses")).toEqual([
    'ingress_backend (certain): Ingress data/shop sends "shop.test/" to a backend that is not there: Service wweb does not exist; there is web.',
  ]);
  expect(told(to("web", { number: 8080 }), "ingresses")).toEqual([
    'ingress_backend (certain): Ingress data/shop sends "shop.test/" to a backend that is not there: Service web has no port 8080; it has http 80.',
  ]);
  expect(causesOf(to("web", { name: "http" }), "ingresses")).toEqual([]);
  expect(causesOf(to("web", { name: "use-annotation" }), "ingresses")).toEqual([]);
  expect(causesOf(to("wweb", { number: 80 }), "ingresses", { unread: ["services"] })).toEqual([]);
});

test("an Ingress of a class that nobody serves has no address", () => {
  const services = [service({ selector: { app: "web" }, ports: ports("http") })];
  const world = (spec: object, addresses: readonly object[]) => ({
    ingresses: [ingress({ ...route("web", { number: 80 }), ...spec }, addresses)],
    services,
    pods: [web],
    ingressclasses: [object("nginx", {}, { namespace: undefined })],
  });
  expect(told(world({ ingressClassName: "ngnix" }, []), "ingresses")).toEqual([
    'ingress_class (certain): Ingress data/shop names class "ngnix"; there is nginx. No controller has given it an address.',
  ]);
  expect(told(world({ ingressClassName: undefined }, []), "ingresses")).toEqual([
    "ingress_class (likely): Ingress data/shop names no class, and no class is the default; there is nginx. No controller has given it an address.",
  ]);
  expect(causesOf(world({ ingressClassName: "ngnix" }, [{ ip: "10.0.0.1" }]), "ingresses")).toEqual(
    [],
  );
  expect(causesOf(world({}, []), "ingresses")).toEqual([]);
});
