import type { Told } from "../case.ts";
import { ended, running, waiting } from "../world/containers.ts";
import { ingress, networkPolicy, route, service } from "../world/network.ts";
import { ago, type Scene } from "../world/scene.ts";
import { PORT } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";

/** Pods that were evicted days ago are kept as Failed until somebody deletes them (pod garbage collection, 12,500 of them). */
function leftovers(scene: Scene): Told {
  const minutes = scene.random.int(3_000, 9_000);
  const message =
    "The node was low on resource: ephemeral-storage. Threshold quantity: 8045298483, available: 6120340Ki. ";
  const gone = {
    phase: "Failed",
    ageMinutes: minutes + 900,
    states: [ended(scene, { exitCode: 137, reason: "Error", minutes })],
    status: { reason: "Evicted", message },
  };
  const app = deployment(scene, {
    replicas: 2,
    rolledOutMinutes: 12_000,
    pods: [gone, gone, {}, {}],
  });
  return { subject: { type: "deployment", name: scene.app }, objects: app.objects };
}

/** A rollout that has only begun: one new pod is being made, one old one ends within its grace. */
function underWay(scene: Scene): Told {
  const app = deployment(scene, {
    oldPods: 3,
    rolledOutMinutes: 0.4,
    replicas: 3,
    pods: [
      { phase: "Pending", ageMinutes: 0.3, states: [waiting("ContainerCreating")] },
      {
        states: [running(scene, 600)],
        ageMinutes: 601,
        metadata: { deletionTimestamp: ago(scene, -0.3), deletionGracePeriodSeconds: 30 },
      },
    ],
  });
  return { subject: { type: "deployment", name: scene.app }, objects: app.objects };
}

/** A container need not say on which ports it listens. */
function unsaidPorts(scene: Scene): Told {
  const app = deployment(scene, {
    replicas: 2,
    container: { ports: undefined, readinessProbe: undefined },
  });
  const ports = [{ name: "http", protocol: "TCP", port: 80, targetPort: PORT }];
  return {
    subject: { type: "service", name: scene.app },
    objects: [...app.objects, ...service(scene, { ports, pods: app.pods })],
  };
}

/** Two items of `from`: either of them is enough. */
function eitherAllowed(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const from = [
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } },
    { podSelector: { matchLabels: { app: "edge" } } },
  ];
  const policy = networkPolicy(scene, `${scene.app}-from-edge`, {
    podSelector: { matchLabels: { app: scene.app } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from }],
    egress: [
      {
        to: [{ namespaceSelector: {} }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
      { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] },
    ],
  });
  return {
    subject: { type: scene.random.pick(["service", "ingress", "deployment"]), name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      ingress(scene, { ingressClassName: "nginx", rules: route(scene, scene.app, { number: 80 }) }),
      policy,
    ],
  };
}

/** Well, though it may not look so at first sight. */
export const disguised = [leftovers, underWay, unsaidPorts, eitherAllowed];
