import {
  type Container,
  type PodTemplate,
  seesChanges,
  templateReads,
} from "#domain/kubernetes/template.ts";
import { pairs } from "./row.ts";

/** `app etl:1 limits memory=256Mi requests cpu=100m`. */
export function containerText({ name, image, resources }: Container): string {
  const { limits, requests } = resources;
  return [name, image, quantities("limits", limits), quantities("requests", requests)]
    .filter((part) => part !== "")
    .join(" ");
}

function quantities(word: string, values: Readonly<Record<string, string>>): string {
  return Object.keys(values).length === 0 ? "" : `${word} ${pairs(values)}`;
}

export function imagesText({ spec }: PodTemplate): string {
  return [...new Set(spec.containers.map(({ image }) => image))].join(", ");
}

/** `ConfigMap settings by env (restart to see changes)`. */
export function readsText(template: PodTemplate): string {
  const texts = templateReads(template).map((read) => {
    const note = seesChanges(read) ? "" : " (restart to see changes)";
    return `${read.kind} ${read.name} by ${read.how}${note}`;
  });
  return [...new Set(texts)].join("; ");
}
