import type { CaseMaker, Told } from "../case.ts";
import { crashLoop, unready } from "../world/containers.ts";
import { event } from "../world/events.ts";
import { clusterDns } from "../world/ground.ts";
import type { Fields } from "../world/manifest.ts";
import { ingress, networkPolicy, route, service } from "../world/network.ts";
import { neighbour, type Scene } from "../world/scene.ts";
import { first } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";
import { backOff, logOf } from "./crashes.ts";

const LOOKUPS = [
  (host: string) => `dial tcp: lookup ${host} on 10.96.0.10:53: server misbehaving`,
  (host: string) => `Error: getaddrinfo EAI_AGAIN ${host}`,
  (host: string) =>
    `dial tcp: lookup ${host} on 10.96.0.10:53: read udp 10.42.3.8:41822->10.96.0.10:53: i/o timeout`,
  (host: string) => `java.net.UnknownHostException: ${host}: Temporary failure in name resolution`,
] as const;

/** The cluster's DNS is down, and what starts cannot find its neighbours. */
function dnsFailure(scene: Scene): Told {
  const host = `${scene.random.pick(["payments", "inventory", "users"])}.${scene.namespace}.svc.cluster.local`;
  const end = { exitCode: 1, reason: "Error", minutes: 1, ranMinutes: 0.3 };
  const app = deployment(scene, {
    pods: [0, 1].map(() => (name: string) => ({
      ageMinutes: 600,
      states: [crashLoop(scene, name, end, { restarts: 7 })],
    })),
  });
  const lines = ["starting", scene.random.pick(LOOKUPS)(host)];
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, ...app.pods.map((pod) => backOff(scene, pod))],
    ...(scene.random.chance(0.7) ? { dns: clusterDns(scene, true) } : {}),
    logs: app.pods.map(({ metadata }) => logOf(metadata.name, lines)),
  };
}

/** From the ingress controller's namespace nothing is let in, for one `from` item asks for both selectors at once. */
function ingressDenied(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const both = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } },
    podSelector: { matchLabels: { app: scene.random.pick(["gateway", "edge", "proxy"]) } },
  };
  const spec = { podSelector: { matchLabels: { app: scene.app } }, policyTypes: ["Ingress"] };
  const policy = networkPolicy(scene, `${scene.app}-from-edge`, {
    ...spec,
    ingress: [{ from: [both] }],
  });
  return {
    subject: { type: scene.random.chance(0.5) ? "service" : "ingress", name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      ingress(scene, { ingressClassName: "nginx", rules: route(scene, scene.app, { number: 80 }) }),
      policy,
    ],
  };
}

/** A neighbour calls the Service by its name and is not among those that may. */
function neighbourDenied(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const caller = neighbour(scene, `${scene.app}-client`);
  const env = [{ name: "UPSTREAM_URL", value: `http://${scene.app}:80` }];
  const ready = deployment(caller, {
    container: { env },
    pods: [{ states: [unready(scene, 80)] }],
  });
  const allowed: Fields = scene.random.pick([
    { ingress: [{ from: [{ podSelector: { matchLabels: { app: "reporting" } } }] }] },
    { ingress: [] },
    {
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: caller.app } } }],
          ports: [{ protocol: "TCP", port: 9090 }],
        },
      ],
    },
  ]);
  const policy = networkPolicy(scene, scene.random.pick(["default-deny", `${scene.app}-callers`]), {
    podSelector: scene.random.chance(0.5) ? {} : { matchLabels: { app: scene.app } },
    policyTypes: ["Ingress"],
    ...allowed,
  });
  const failed = event(
    scene,
    first(ready),
    "Unhealthy",
    "Readiness probe failed: HTTP probe failed with statuscode: 504",
    {
      count: 470,
      first: 80,
      last: 0.2,
    },
  );
  const line = `upstream http://${scene.app}:80 timed out: dial tcp 10.96.77.2:80: i/o timeout`;
  return {
    subject: { type: "service", name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      ...ready.objects,
      policy,
      failed,
    ],
    logs: [logOf(first(ready).metadata.name, [line], false)],
  };
}

/** Lets nothing out but to the database, and forgets that names are asked for on port 53. */
function lookupsDenied(scene: Scene): Told {
  const host = `${scene.random.pick(["payments", "inventory"])}.${scene.namespace}.svc.cluster.local`;
  const end = { exitCode: 1, reason: "Error", minutes: 1, ranMinutes: 0.4 };
  const app = deployment(scene, {
    rolledOutMinutes: 600,
    pods: [0, 1].map(() => (name: string) => ({ states: [crashLoop(scene, name, end)] })),
  });
  const to = [{ podSelector: { matchLabels: { app: "postgres" } } }];
  const policy = networkPolicy(scene, `${scene.app}-egress`, {
    podSelector: { matchLabels: { app: scene.app } },
    policyTypes: ["Egress"],
    egress: [{ to, ports: [{ protocol: "TCP", port: 5432 }] }],
  });
  const line = `dial tcp: lookup ${host} on 10.96.0.10:53: read udp 10.42.7.4:40022->10.96.0.10:53: i/o timeout`;
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, policy, ...app.pods.map((pod) => backOff(scene, pod))],
    logs: app.pods.map(({ metadata }) => logOf(metadata.name, ["starting", line])),
  };
}

export const network: readonly CaseMaker[] = [
  { cause: "dns_failure", make: dnsFailure },
  {
    cause: "network_policy",
    make: (scene) => scene.random.pick([ingressDenied, neighbourDenied, lookupsDenied])(scene),
  },
];
