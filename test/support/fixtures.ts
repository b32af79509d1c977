import type { Fixture } from "#sandbox/scenario.ts";
import { START } from "./connect.ts";

const createdAt = START.getTime() - 30 * 24 * 3_600_000;

/** A CronJob of namespace data that runs every night. */
export function cronJob(name: string, spec: object = {}, jobSpec: object = {}): Fixture {
  const container = { name: "app", image: "registry.example.com/report:3.1", args: ["--all"] };
  const secret = { name: "TOKEN", value: "not-for-your-eyes" };
  const pod = { restartPolicy: "Never", containers: [{ ...container, env: [secret] }] };
  const job = { backoffLimit: 2, template: { spec: pod }, ...jobSpec };
  return {
    ...{ kind: "cronjobs", apiVersion: "batch/v1", objectKind: "CronJob" },
    ...{ namespace: "data", name, createdAt },
    body: {
      spec: {
        schedule: "0 3 * * *",
        concurrencyPolicy: "Allow",
        jobTemplate: { metadata: { labels: { app: name } }, spec: job },
        ...spec,
      },
      status: {},
    },
  };
}

const nginx = "nginx.ingress.kubernetes.io";

/** An Ingress of namespace data that leads `shop.example.com/` to a Service; a canary with a weight. */
export function ingress(name: string, service: string, weight?: string): Fixture {
  const backend = { service: { name: service, port: { number: 80 } } };
  const path = { path: "/", pathType: "Prefix", backend };
  const canary = { [`${nginx}/canary`]: "true", [`${nginx}/canary-weight`]: weight ?? "" };
  return {
    ...{ kind: "ingresses", apiVersion: "networking.k8s.io/v1", objectKind: "Ingress" },
    ...{ namespace: "data", name, createdAt },
    ...(weight === undefined ? {} : { annotations: canary }),
    body: {
      spec: {
        ingressClassName: "nginx",
        rules: [{ host: "shop.example.com", http: { paths: [path] } }],
      },
      status: {},
    },
  };
}

/** An HTTPRoute of namespace data with one rule that shares requests out by weight. */
export function httpRoute(name: string, weights: Readonly<Record<string, number>>): Fixture {
  const backendRefs = Object.entries(weights).map(([service, weight]) => ({
    ...{ group: "", kind: "Service", name: service, port: 80, weight },
  }));
  return {
    ...{ kind: "httproutes", apiVersion: "gateway.networking.k8s.io/v1", objectKind: "HTTPRoute" },
    ...{ namespace: "data", name, createdAt },
    body: { spec: { rules: [{ matches: [{ path: { value: "/" } }], backendRefs }] }, status: {} },
  };
}
