import type { CaseMaker, Told } from "../case.ts";
import { certificate } from "../world/certificate.ts";
import { ingress, route, service } from "../world/network.ts";
import { object, type Scene } from "../world/scene.ts";
import { deployment } from "../world/workloads.ts";
import { crashing } from "./crashes.ts";

/** apiserver, endpoints/handlers/responsewriters/errors.go: how the API says no, as client libraries pass it on. */
function accountWithoutRights(scene: Scene): Told {
  const account = `${scene.app}-runner`;
  const user = `system:serviceaccount:${scene.namespace}:${account}`;
  const [verb, resource, group] = scene.random.pick([
    ["list", "endpoints", ""],
    ["get", "leases", "coordination.k8s.io"],
    ["watch", "configmaps", ""],
  ] as const);
  const refusal = `${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${scene.namespace}"`;
  const web =
    "WebIdentityErr: failed to retrieve credentials caused by: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity status code: 403";
  const line = scene.random.chance(0.7) ? `error initially creating cache: ${refusal}` : web;
  const told = crashing(scene, {
    end: { exitCode: 1, reason: "Error", minutes: 2, ranMinutes: 0.2 },
    lines: ["starting controller", line],
    parts: { podSpec: { serviceAccountName: account } },
  });
  const there = object(scene, ["v1", "ServiceAccount", account]);
  return { ...told, objects: [...told.objects, there] };
}

const DAY = 24 * 60 * 60 * 1000;

/** Served by an Ingress; over, or over in a few days. */
function certificateExpired(scene: Scene): Told {
  const days = scene.random.pick([-40, -3, -1, 2, 4]);
  const name = `${scene.app}-tls`;
  const host = `${scene.app}.example.com`;
  const until = new Date(scene.now.getTime() + days * DAY);
  const text = certificate(host, new Date(until.getTime() - 90 * DAY), until);
  const data = { "tls.crt": Buffer.from(text).toString("base64"), "tls.key": "bm90IGEga2V5" };
  const app = deployment(scene, { replicas: 2 });
  return {
    subject: { type: "ingress", name: scene.app },
    objects: [
      ...app.objects,
      ...service(scene, { pods: app.pods }),
      object(scene, ["v1", "Secret", name], { type: "kubernetes.io/tls", data }),
      ingress(scene, {
        ingressClassName: "nginx",
        tls: [{ hosts: [host], secretName: name }],
        rules: route(scene, scene.app, { number: 80 }),
      }),
    ],
  };
}

export const access: readonly CaseMaker[] = [
  { cause: "service_account", make: accountWithoutRights },
  { cause: "certificate_expired", make: certificateExpired },
];
