import * as z from "zod";
import { podResources } from "#domain/kubernetes/pod-resources.ts";
import { amount, bytesText, cpuText } from "#domain/kubernetes/quantity.ts";
import type { Patient } from "./patient.ts";

const nodeSchema = z.object({
  status: z.object({ allocatable: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** What the pod asks for beside what the largest node has at all. */
export function cpuFigures(patient: Patient): string {
  return figures(patient, "CPU", "cpu", podResources(patient.pod.spec).cpuRequest, cpuText);
}

export function memoryFigures(patient: Patient): string {
  return figures(
    patient,
    "memory",
    "memory",
    podResources(patient.pod.spec).memoryRequest,
    bytesText,
  );
}

function figures(
  { snapshot }: Patient,
  word: string,
  resource: string,
  asked: number,
  text: (value: number) => string,
): string {
  const sizes = snapshot
    .of("nodes")
    .map((node) => amount(nodeSchema.parse(node).status.allocatable[resource]) ?? 0);
  const largest = Math.max(0, ...sizes);
  if (asked === 0 || largest === 0) return "";
  const fits = asked <= largest ? "" : ", so it fits on none even when empty";
  return `It asks for ${text(asked)} ${word}; the largest node has ${text(largest)}${fits}.`;
}
