import { amount } from "./quantity.ts";
import type { Container, PodSpec } from "./template.ts";

/** What a pod asks for, in cores and bytes; 0 where it asks for nothing. */
export interface PodResources {
  readonly cpuRequest: number;
  readonly memoryRequest: number;
  readonly cpuLimit: number;
  readonly memoryLimit: number;
}

/** As the scheduler and quotas count: containers and sidecars together, or the largest init container if that is more. */
export function podResources({ containers, initContainers }: PodSpec): PodResources {
  const together = [...containers, ...initContainers.filter(isSidecar)];
  const before = initContainers.filter((container) => !isSidecar(container));
  const of = (sort: "requests" | "limits", resource: "cpu" | "memory") => {
    const asked = ({ resources }: Container) => amount(resources[sort][resource]) ?? 0;
    const sum = together.reduce((total, container) => total + asked(container), 0);
    return Math.max(sum, ...before.map(asked));
  };
  return {
    cpuRequest: of("requests", "cpu") || of("limits", "cpu"),
    memoryRequest: of("requests", "memory") || of("limits", "memory"),
    cpuLimit: of("limits", "cpu"),
    memoryLimit: of("limits", "memory"),
  };
}

function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}

/** What so many of these pods ask for together. */
export function times(pods: number, each: PodResources): PodResources {
  return mapped((name) => pods * each[name]);
}

export function plus(a: PodResources, b: PodResources): PodResources {
  return mapped((name) => a[name] + b[name]);
}

function mapped(value: (name: keyof PodResources) => number): PodResources {
  return {
    cpuRequest: value("cpuRequest"),
    memoryRequest: value("memoryRequest"),
    cpuLimit: value("cpuLimit"),
    memoryLimit: value("memoryLimit"),
  };
}
