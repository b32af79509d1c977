import { afterAll, beforeAll, expect, it } from "vitest";
import { cluster } from "./cluster.ts";
import { approvingServer } from "./live-server.ts";

const namespace = "traffic-actions";
const where = ["--namespace", namespace];

const kubectl = (args: readonly string[], input?: string) => cluster().kubectl(args, input);

/** Creates the objects in the namespace. */
async function create(...items: readonly object[]) {
  const list = { apiVersion: "v1", kind: "List", items };
  await kubectl(["create", "-f", "-", ...where], JSON.stringify(list));
}

function deployment(track: string, replicas: number) {
  const labels = { app: "front", track };
  const containers = [{ name: "app", image: "registry.example.com/app:v1" }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: track },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

const service = (name: string, track: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { track }, ports: [{ port: 80 }] },
});

function ingress(name: string, backend: string, annotations: Readonly<Record<string, string>>) {
  const to = { service: { name: backend, port: { number: 80 } } };
  const paths = [{ path: "/", pathType: "Prefix", backend: to }];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations },
    spec: { rules: [{ host: "shop.example.com", http: { paths } }] },
  };
}

const nginx = "nginx.ingress.kubernetes.io";
const cronJob = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "report" },
  spec: {
    schedule: "0 3 1 1 *",
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "report", image: "registry.example.com/report:v1" }],
          },
        },
      },
    },
  },
};

/** As much of the Gateway API as its HTTPRoutes need. */
const routes = "httproutes.gateway.networking.k8s.io";
const routeKind = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: routes,
    annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api" },
  },
  spec: {
    group: "gateway.networking.k8s.io",
    scope: "Namespaced",
    names: { kind: "HTTPRoute", plural: "httproutes", singular: "httproute" },
    versions: [
      {
        ...{ name: "v1", served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        },
      },
    ],
  },
};

const route = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "shop" },
  spec: {
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: [
          { name: "front", port: 80, weight: 95 },
          { name: "green", port: 80, weight: 5 },
        ],
      },
    ],
  },
};

beforeAll(async () => {
  await kubectl(["create", "namespace", namespace]);
  await create(
    deployment("blue", 2),
    deployment("green", 1),
    service("front", "blue"),
    service("green", "green"),
    ingress("shop", "front", {}),
    ingress("shop-canary", "green", {
      [`${nginx}/canary`]: "true",
      [`${nginx}/canary-weight`]: "5",
    }),
    cronJob,
  );
  for (const track of ["blue", "green"]) {
    await kubectl(["rollout", "status", `deployment/${track}`, "--timeout=60s", ...where]);
  }
});

afterAll(async () => {
  await kubectl(["delete", "namespace", namespace, "--wait=false"]);
  await kubectl(["delete", "crd", routes]);
});

it("runs a CronJob's job once, as a run by hand, and waits for its end", async () => {
  const { call } = await approvingServer("report");
  const { value, text } = await call("kubectl_run_job", { cronjob: "report", namespace });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const { items } = JSON.parse(await kubectl(["get", "jobs", "-o", "json", ...where]));
  expect(items).toHaveLength(1);
  expect(items[0].metadata).toMatchObject({
    annotations: {
      "cronjob.kubernetes.io/instantiate": "manual",
      "firewatch.dev/action": value.action_id,
    },
    ownerReferences: [{ kind: "CronJob", name: "report", controller: true }],
  });
});

it("sends a Service's traffic to other pods, and back exactly", async () => {
  const { call } = await approvingServer("front");
  const nobody = await call("kubectl_shift_traffic", {
    name: "front",
    namespace,
    selector: { track: "red" },
  });
  expect(nobody.text).toMatch(/^refused: No ready pod is behind/);
  const asked = { name: "front", namespace, selector: { track: "green" } };
  const { value, text } = await call("kubectl_shift_traffic", asked);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  const selector = ["get", "service", "front", "-o", "jsonpath={.spec.selector}", ...where];
  expect(JSON.parse(await kubectl(selector))).toEqual({ track: "blue" });
});

it("sets a canary's weight, and back", async () => {
  const { call } = await approvingServer("shop-canary");
  const { value, text } = await call("kubectl_shift_traffic", {
    name: "shop-canary",
    namespace,
    weight: 40,
  });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  const seen = JSON.parse(await kubectl(["get", "ingress", "shop-canary", "-o", "json", ...where]));
  expect(seen.metadata.annotations[`${nginx}/canary-weight`]).toBe("5");
});

it("sets an HTTPRoute's weights, and back exactly", async () => {
  await kubectl(["create", "-f", "-"], JSON.stringify(routeKind));
  await kubectl(["wait", "--for=condition=Established", `crd/${routes}`, "--timeout=30s"]);
  await create(route);
  const { call } = await approvingServer("shop");
  const weights = { front: 0, green: 100 };
  const { value, text } = await call("kubectl_shift_traffic", { name: "shop", namespace, weights });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  const seen = JSON.parse(await kubectl(["get", routes, "shop", "-o", "json", ...where]));
  expect(seen.spec).toEqual(route.spec);
});
