import { closest } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import type { ContainerChange } from "./container-change.ts";
import type { Container } from "./template.ts";
import { type Workload, workloadLabel } from "./workload.ts";

/** One container of a pod template, and which list it stands in. */
export interface FoundContainer {
  readonly list: ContainerChange["list"];
  readonly container: Container;
}

/** The named container, or the only one of the pod when none is named. Throws when that leaves a doubt. */
export function oneContainer(workload: Workload, name: string | undefined): FoundContainer {
  const { containers, initContainers } = workload.template.spec;
  const plain = containers.map((container) => ({ list: "containers", container }) as const);
  const first = initContainers.map((container) => ({ list: "initContainers", container }) as const);
  const found = name === undefined ? plain : [...plain, ...first].filter(isNamed(name));
  const [only, second] = found;
  if (only && !second) return only;
  const names = [...plain, ...first].map(({ container }) => container.name);
  const near = name === undefined ? [] : closest(name, names);
  throw new OpsError(
    name === undefined ? "invalid_input" : "not_found",
    name === undefined
      ? `${workloadLabel(workload)} has ${names.length} containers.`
      : `${workloadLabel(workload)} has no container ${name}.`,
    `Name one in \`container\`: ${(near.length > 0 ? near : names).join(", ")}.`,
  );
}

function isNamed(name: string) {
  return ({ container }: FoundContainer) => container.name === name;
}

/** `spec.template.spec.containers[app].image`. */
export function containerPath({ list, container }: FoundContainer, field: string): string {
  return `spec.template.spec.${list}[${container.name}].${field}`;
}
