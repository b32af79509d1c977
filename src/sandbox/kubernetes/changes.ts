import { digest } from "#domain/digest.ts";
import { isObject, type JsonObject, toJson } from "#domain/json.ts";
import type { KubeObject, ObjectRef } from "#domain/kubernetes/object.ts";
import { plainTemplate } from "#domain/kubernetes/template-diff.ts";
import { OpsError } from "#errors.ts";
import type { Change, WorkloadRef, Workloads } from "#ports/workloads.ts";
import type { ClusterEffect } from "#sandbox/effect.ts";
import { scaledBy } from "./autoscalers.ts";

type Method = "setTemplate" | "setContainer" | "setPaused" | "setBounds";

/** Checks the precondition, then does it, or shows what it would do. */
type Make = (ref: ObjectRef, how: Change, effect: ClusterEffect) => Promise<KubeObject>;

/** Changes of what simulated workloads run, and within which bounds. */
export function simulatedChanges(
  find: (ref: ObjectRef) => KubeObject,
  keepers: () => readonly KubeObject[],
  make: Make,
): Pick<Workloads, Method> {
  return {
    async setTemplate(ref, template, how, signal) {
      signal.throwIfAborted();
      find(ref);
      const { namespace, name } = ref;
      const hash = keptHash(ref, template, keepers());
      return make(ref, how, { type: "set_template", namespace, name, hash });
    },
    async setContainer(ref, { list, name: container, image, resources = {} }, how, signal) {
      signal.throwIfAborted();
      requireContainer(find(ref), list, container);
      const { namespace, name } = ref;
      return make(ref, how, {
        ...{ type: "set_container", namespace, name },
        ...(image === undefined ? {} : { image }),
        ...(resources.requests ? { requests: { ...resources.requests } } : {}),
        ...(resources.limits ? { limits: { ...resources.limits } } : {}),
      });
    },
    async setPaused({ namespace, name }, paused, how, signal) {
      signal.throwIfAborted();
      const ref = { kind: "deployments", namespace, name } as const;
      return make(ref, how, { type: "pause", namespace, name, paused });
    },
    async setBounds({ namespace, name }, { min, max }, how, signal) {
      signal.throwIfAborted();
      const ref = { kind: "horizontalpodautoscalers", namespace, name } as const;
      const target = scaledBy(find(ref));
      return make(ref, how, { type: "set_bounds", namespace, name, target, min, max });
    },
  };
}

/** The simulated cluster runs the templates of its story, and those that were made of them. */
function keptHash(ref: WorkloadRef, template: JsonObject, keepers: readonly KubeObject[]): string {
  const wanted = digest(plainTemplate(template));
  const kept = keepers.find(
    ({ metadata, spec }) =>
      metadata.namespace === ref.namespace &&
      metadata.ownerReferences.some(({ name }) => name === ref.name) &&
      isObject(spec) &&
      digest(plainTemplate(toJson(spec.template))) === wanted,
  );
  const hash = kept?.metadata.labels["pod-template-hash"];
  if (hash !== undefined) return hash;
  throw new OpsError(
    "not_configured",
    `The sandbox cannot run a template that ${ref.name} never had.`,
    "Give the template of one of its revisions.",
  );
}

function requireContainer(object: KubeObject, list: string, name: string): void {
  const { template } = isObject(object.spec) ? object.spec : {};
  const spec = isObject(template) && isObject(template.spec) ? template.spec : {};
  const containers = Array.isArray(spec[list]) ? spec[list] : [];
  if (containers.some((one) => isObject(one) && one.name === name)) return;
  throw new OpsError(
    "not_configured",
    `The sandbox cannot add container ${name} to ${object.metadata.name}.`,
    "Name one of its containers.",
  );
}
