import type { CaseMaker, Told } from "../case.ts";
import { event } from "../world/events.ts";
import type { Fields, Manifest, MoreMetadata } from "../world/manifest.ts";
import { ago, clusterObject, object, type Scene } from "../world/scene.ts";
import { daemonSet, statefulSet } from "../world/sets.ts";
import type { AppParts } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";

interface Refused {
  /** What the API server answers to the pod's creation, after `pods "NAME" is `. */
  readonly answer: string;
  readonly container?: Fields;
  readonly podSpec?: Fields;
  readonly others?: readonly Manifest[];
  /** The answer does not begin with the pod's name. */
  readonly bare?: boolean;
}

/** kube-controller-manager, controller_utils.go: event FailedCreate, `Error creating: ` and the API server's answer. */
function refusedRollout(scene: Scene, how: Refused, old = scene.random.pick([0, 2])): Told {
  const minutes = scene.random.int(4, 90);
  const bare: AppParts = {
    replicas: 2,
    oldPods: old,
    rolling: true,
    rolledOutMinutes: minutes,
    pods: [],
    ...(how.container ? { container: how.container } : {}),
    ...(how.podSpec ? { podSpec: how.podSpec } : {}),
  };
  const answer = (pod: string) => (how.bare ? how.answer : `pods "${pod}" is ${how.answer}`);
  const at = { lastTransitionTime: ago(scene, minutes), lastUpdateTime: ago(scene, minutes) };
  const failure = (message: string) => ({
    type: "ReplicaFailure",
    status: "True",
    reason: "FailedCreate",
    message,
    ...at,
  });
  const app = deployment(scene, {
    ...bare,
    conditions: [failure(answer(`${scene.app}-7d9f-x2k4q`))],
  });
  const message = `Error creating: ${answer(`${app.maker.metadata.name}-${scene.random.suffix(5)}`)}`;
  const times = { component: "replicaset-controller", count: 14, first: minutes, last: 1 };
  const maker = withFailure(app.maker, failure(answer(`${app.maker.metadata.name}-x2k4q`)));
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [
      ...app.objects.map((each) => (each === app.maker ? maker : each)),
      event(scene, maker, "FailedCreate", message, times),
      ...(how.others ?? []),
    ],
  };
}

function withFailure(maker: Manifest, { lastUpdateTime: _, ...failure }: Fields): Manifest {
  return { ...maker, status: { ...Object(maker.status), conditions: [failure] } };
}

function quota(scene: Scene): Manifest {
  const hard = { "requests.cpu": "4", pods: "20" };
  const used = { "requests.cpu": "3800m", pods: "11" };
  const parts = { spec: { hard }, status: { hard, used } };
  return object(scene, ["v1", "ResourceQuota", "compute"], parts);
}

/** plugin/pkg/admission/resourcequota/controller.go: exceeded quota, requested, used, limited. */
const exceeded =
  "forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=3800m, limited: requests.cpu=4";
/** The same, by number of pods; and a quota of limits that wants every pod to name them. */
const OTHER_QUOTAS = [
  "forbidden: exceeded quota: compute, requested: pods=1, used: pods=20, limited: pods=20",
  "forbidden: failed quota: compute: must specify limits.cpu for: app",
] as const;
const large = { resources: { requests: { cpu: "500m" } } };

function rolloutQuota(scene: Scene): Told {
  if (scene.random.chance(0.6)) {
    return refusedRollout(scene, { answer: exceeded, container: large, others: [quota(scene)] }, 2);
  }
  const answer = scene.random.pick(OTHER_QUOTAS);
  const hard = { pods: "20", "limits.cpu": "8" };
  const status = { hard, used: { pods: "20", "limits.cpu": "3" } };
  const full = object(scene, ["v1", "ResourceQuota", "compute"], { spec: { hard }, status });
  return refusedRollout(scene, { answer, others: [full] }, 2);
}

/** A set that wants more pods than the quota leaves; nothing is being rolled out. */
function quotaExceeded(scene: Scene): Told {
  const daemon = scene.random.chance(0.4);
  const there = daemon ? scene.nodes.slice(1).map((node) => ({ node })) : [{}, {}];
  const make = daemon ? daemonSet : statefulSet;
  const wanted = daemon ? scene.nodes.length : 4;
  const app = make(scene, { container: large, replicas: wanted, pods: there });
  const [kind, component] = daemon
    ? (["daemonset", "daemonset-controller"] as const)
    : (["statefulset", "statefulset-controller"] as const);
  const pod = daemon ? `${scene.app}-` : `${scene.app}-2`;
  const message = daemon
    ? `Error creating: pods "${pod}" is ${exceeded}`
    : `create Pod ${pod} in StatefulSet ${scene.app} failed error: pods "${pod}" is ${exceeded}`;
  const times = { component, count: 18, first: 60, last: 1 };
  return {
    subject: { type: kind, name: scene.app },
    objects: [
      ...app.objects,
      event(scene, app.owner, "FailedCreate", message, times),
      quota(scene),
    ],
  };
}

/** plugin/pkg/admission/limitranger/admission.go. */
function limitRange(scene: Scene): Told {
  if (scene.random.chance(0.4)) return belowMinimum(scene);
  const limits = [{ type: "Container", max: { memory: "512Mi" } }];
  return refusedRollout(scene, {
    answer: "forbidden: maximum memory usage per Container is 512Mi, but limit is 2Gi",
    container: { resources: { limits: { memory: "2Gi" }, requests: { memory: "2Gi" } } },
    others: [object(scene, ["v1", "LimitRange", "limits"], { spec: { limits } })],
  });
}

function belowMinimum(scene: Scene): Told {
  const limits = [{ type: "Container", min: { cpu: "100m" } }];
  return refusedRollout(scene, {
    answer: "forbidden: minimum cpu usage per Container is 100m, but request is 10m",
    container: { resources: { requests: { cpu: "10m" } } },
    others: [object(scene, ["v1", "LimitRange", "limits"], { spec: { limits } })],
  });
}

/** apiserver, admission/plugin/webhook/errors/statuserror.go. */
function denied(scene: Scene): Told {
  const name = scene.random.pick(["validate.kyverno.svc-fail", "policy.example.com"]);
  const why = scene.random.pick([
    `image ${scene.image} is not signed`,
    "label team is required",
    '[must-have-owner] you must provide labels: {"owner"}',
    "privileged containers are not allowed",
  ]);
  return refusedRollout(scene, {
    bare: true,
    answer: `admission webhook "${name}" denied the request: ${why}`,
    others: [webhook(scene, name, "policy-engine")],
  });
}

/** apiserver, admission/plugin/webhook/validating/dispatcher.go: failed calling webhook. */
function unavailable(scene: Scene): Told {
  const name = "inject.mesh.example.com";
  const where = `mesh-${scene.namespace}`;
  const service = "mesh-injector";
  const why = scene.random.pick([
    `service "${service}" not found`,
    `no endpoints available for service "${service}"`,
    "context deadline exceeded",
    "dial tcp 10.96.44.3:443: connect: connection refused",
    "dial tcp 10.96.44.3:443: connect: no route to host",
    "EOF",
  ]);
  const url = `Post "https://${service}.${where}.svc:443/inject?timeout=10s"`;
  return refusedRollout(scene, {
    bare: true,
    answer: `Internal error occurred: failed calling webhook "${name}": failed to call webhook: ${url}: ${why}`,
    others: [webhook(scene, name, service, where)],
  });
}

/** Sees the pods of this namespace alone. */
function webhook(scene: Scene, name: string, service: string, namespace = "policy"): Manifest {
  const matchLabels = { "kubernetes.io/metadata.name": scene.namespace };
  const one = {
    name,
    clientConfig: { service: { name: service, namespace, path: "/inject", port: 443 } },
    rules: [
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE"],
        resources: ["pods"],
        scope: "*",
      },
    ],
    namespaceSelector: { matchLabels },
    failurePolicy: "Fail",
    sideEffects: "None",
    timeoutSeconds: 10,
    admissionReviewVersions: ["v1"],
  };
  const kind = "ValidatingWebhookConfiguration";
  const metadata: MoreMetadata = { generation: 1 };
  return clusterObject(
    scene,
    ["admissionregistration.k8s.io/v1", kind, `${service}-${scene.namespace}`],
    { webhooks: [one] },
    metadata,
  );
}

/** plugin/pkg/admission/serviceaccount/admission.go: error looking up service account. */
function accountMissing(scene: Scene): Told {
  const account = `${scene.app}-runner`;
  return refusedRollout(scene, {
    answer: `forbidden: error looking up service account ${scene.namespace}/${account}: serviceaccount "${account}" not found`,
    podSpec: { serviceAccountName: account },
  });
}

export const admission: readonly CaseMaker[] = [
  { cause: "rollout_quota", make: rolloutQuota },
  { cause: "quota_exceeded", make: quotaExceeded },
  { cause: "limit_range", make: limitRange },
  { cause: "webhook_denied", make: denied },
  { cause: "webhook_unavailable", make: unavailable },
  { cause: "service_account", make: accountMissing },
];
