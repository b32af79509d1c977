import * as z from "zod";
import type { Evidence } from "#domain/diagnosis/finding.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { listCall, refusedBy } from "./creation.ts";
import { label } from "./scoped.ts";

const amounts = z.record(z.string(), z.string()).default({});
const quotaSchema = z.object({
  status: z.object({ hard: amounts, used: amounts }).prefault({}),
});

/** The quota plug-in's words: `exceeded quota: NAME, requested: …, used: …, limited: …`. */
const EXCEEDED =
  /exceeded quota: ([\w.-]+), requested: ([\w./=,-]+), used: ([\w./=,-]+), limited: ([\w./=,-]+)/;
/** Of a quota on requests or limits, when the pod names none: `failed quota: NAME: must specify …`. */
const UNSPECIFIED = /failed quota: ([\w.-]+): must specify ([^\n]+)/;

/** Quota refuses the pods: at the first start, or those that a rollout needs beside the old ones. */
export const quota = refusedBy(({ message, owner, rolling }, scope, snapshot) => {
  const [, name, requested = "", used = "", limited = ""] = EXCEEDED.exec(message) ?? [];
  if (name === undefined) return;
  return {
    cause: rolling ? "rollout_quota" : "quota_exceeded",
    confidence: "certain",
    summary: `ResourceQuota ${name} refuses pods of ${owner}: asked ${requested}, used ${used}, allowed ${limited}.`,
    evidence: usageEvidence(name, snapshot),
    remedy: rolling
      ? "Raise the quota or free some of it; until then the rollout cannot start the pods that it needs beside the old ones."
      : "Raise the quota, lower the requests, or scale down what uses it.",
    next: listCall(scope, "resourcequotas"),
  };
});

/** Quota demands requests or limits that the pod template does not have. */
export const quotaUnspecified = refusedBy(({ message, owner, rolling }, scope) => {
  const [, name, fields] = UNSPECIFIED.exec(message) ?? [];
  if (name === undefined || fields === undefined) return;
  return {
    cause: rolling ? "rollout_quota" : "quota_exceeded",
    confidence: "certain",
    summary: `ResourceQuota ${name} refuses pods of ${owner} because their template does not set ${quoted(fields, 120)}.`,
    remedy:
      "Set those requests and limits in the pod template, or give the namespace a LimitRange with defaults.",
    next: listCall(scope, "limitranges"),
  };
});

function usageEvidence(name: string, snapshot: Snapshot): readonly Evidence[] {
  const object = snapshot.of("resourcequotas").find(({ metadata }) => metadata.name === name);
  if (object === undefined) return [];
  const full = usageOf(object).filter(({ used, hard }) => used !== undefined && hard !== undefined);
  return full.slice(0, 2).map(({ resource, used, hard }) => ({
    object: label("ResourceQuota", object),
    field: `status.used[${resource}]`,
    value: `${used} of ${hard}`,
  }));
}

function usageOf(object: KubeObject) {
  const { hard, used } = quotaSchema.parse(object).status;
  return Object.keys(hard).map((resource) => ({
    resource,
    used: used[resource],
    hard: hard[resource],
  }));
}

/**
 * The LimitRanger plug-in's words: `maximum memory usage per Container is 512Mi, but limit is 1Gi`,
 * `cpu max limit to request ratio per Container is 2, but provided ratio is 4`.
 */
const LIMITED =
  /(?:(?:minimum|maximum) \S+ usage per \w+ is [^,\n]+, but [^,\n\].]+|\S+ max limit to request ratio per \w+ is [^,\n]+, but provided ratio is [\d.]+)/;

export const limitRange = refusedBy(({ message, owner }, scope) => {
  const [rule] = LIMITED.exec(message) ?? [];
  if (rule === undefined) return;
  return {
    cause: "limit_range",
    confidence: "certain",
    summary: `A LimitRange of the namespace refuses pods of ${owner}: ${quoted(rule, 160)}.`,
    remedy:
      "Bring the container's requests and limits within the LimitRange, or change the LimitRange.",
    next: listCall(scope, "limitranges"),
  };
});
