import type { CaseMaker, Told } from "../case.ts";
import { unready } from "../world/containers.ts";
import { event } from "../world/events.ts";
import { HTTP, ingress, route, service } from "../world/network.ts";
import { ago, object, type Scene } from "../world/scene.ts";
import { deployment } from "../world/workloads.ts";

const asked = (scene: Scene, name = scene.app) => ({ type: "service", name }) as const;

/** The selector finds nothing: the pods carry another label, or the label another value. */
function wrongSelector(scene: Scene): Told {
  const app = deployment(scene, { replicas: scene.random.int(1, 4) });
  const selector = scene.random.pick([
    { app: `${scene.app}-svc` },
    { "app.kubernetes.io/name": scene.app },
    { app: scene.app, tier: "backend" },
  ]);
  return {
    subject: asked(scene),
    objects: [...app.objects, ...service(scene, { selector, pods: [], resolved: [] })],
  };
}

/** kube-controller-manager, endpointslice/utils.go getEndpointPorts: a name that no container has is left out. */
function wrongPortName(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const targetPort = scene.random.pick(["web", "https", "http-api"]);
  const ports = [{ ...HTTP, targetPort }];
  return {
    subject: asked(scene),
    objects: [...app.objects, ...service(scene, { ports, pods: app.pods, resolved: [] })],
  };
}

function wrongTargetPort(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const targetPort = scene.random.pick([80, 8081, 3000]);
  const ports = [{ ...HTTP, targetPort }];
  const resolved = [{ name: "http", port: targetPort, protocol: "TCP" }];
  return {
    subject: asked(scene),
    objects: [...app.objects, ...service(scene, { ports, pods: app.pods, resolved })],
  };
}

/** kubelet, status/generate.go: ReadinessGatesNotReady; the load balancer's controller has not said yes. */
function gatesNotReady(scene: Scene): Told {
  const gate = `target-health.elbv2.k8s.aws/${scene.app}`;
  const message = `the status of pod readiness gate "${gate}" is not "True", but False`;
  const since = ago(scene, 60);
  const conditions = [
    {
      type: "Ready",
      status: "False",
      reason: "ReadinessGatesNotReady",
      message,
      lastTransitionTime: since,
    },
    {
      type: gate,
      status: "False",
      reason: "Target.FailedHealthChecks",
      message: "Health checks failed",
      lastTransitionTime: since,
    },
  ];
  const app = deployment(scene, {
    podSpec: { readinessGates: [{ conditionType: gate }] },
    pods: [0, 1].map(() => ({ ageMinutes: 60, conditions })),
  });
  return {
    subject: asked(scene),
    objects: [...app.objects, ...service(scene, { pods: app.pods })],
  };
}

/** An exec probe that only says no: why is not to be seen from outside. */
function silentProbe(scene: Scene): Told {
  const readinessProbe = {
    exec: { command: ["/app/ready"] },
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  const app = deployment(scene, {
    container: { readinessProbe },
    pods: [0, 1].map(() => ({ states: [unready(scene, 240)] })),
  });
  const times = { count: 1_440, first: 240, last: 0.2 };
  const failed = app.pods.map((pod) =>
    event(scene, pod, "Unhealthy", "Readiness probe failed: ", times),
  );
  return {
    subject: asked(scene),
    objects: [...app.objects, ...service(scene, { pods: app.pods }), ...failed],
  };
}

function ingressBackend(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const noPort = scene.random.chance(0.5);
  const target = noPort ? scene.app : `${scene.app}-backend`;
  const port = noPort
    ? scene.random.pick([{ number: 8080 }, { number: 443 }, { name: "web" }])
    : { number: 80 };
  const rules = route(scene, target, port);
  return {
    subject: { type: "ingress", name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      ingress(scene, { ingressClassName: "nginx", rules }),
    ],
  };
}

/** No controller takes it up, so it has no address. */
function otherClass(scene: Scene): Told {
  const app = deployment(scene, { replicas: 2 });
  const ingressClassName = scene.random.pick(["ngnix", "alb", "traefik-internal"]);
  const rules = route(scene, scene.app, { number: 80 });
  const parts = { spec: { ingressClassName, rules }, status: { loadBalancer: {} } };
  return {
    subject: { type: "ingress", name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      object(scene, ["networking.k8s.io/v1", "Ingress", scene.app], parts, { generation: 1 }),
    ],
  };
}

export const services: readonly CaseMaker[] = [
  { cause: "service_selector", make: wrongSelector },
  { cause: "service_port_name", make: wrongPortName },
  { cause: "service_target_port", make: wrongTargetPort },
  {
    cause: "service_pods_not_ready",
    make: (scene) => (scene.random.chance(0.5) ? gatesNotReady(scene) : silentProbe(scene)),
  },
  { cause: "ingress_backend", make: ingressBackend },
  { cause: "ingress_class", make: otherClass },
];
