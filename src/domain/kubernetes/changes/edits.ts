import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { atMost } from "#domain/text/at-most.ts";
import type { TimeWindow } from "#domain/window.ts";
import { SECOND } from "#domain/window.ts";
import { aboutObject, type RecentChange } from "./change.ts";
import { fieldsUnder, isWithin, type Write, writesOf } from "./writes.ts";

/** Kinds whose settings are told by the fields that were set, with the words for them. */
export const settingsKinds = {
  services: "Service",
  ingresses: "Ingress",
  horizontalpodautoscalers: "HorizontalPodAutoscaler",
  poddisruptionbudgets: "PodDisruptionBudget",
  networkpolicies: "NetworkPolicy",
  resourcequotas: "ResourceQuota",
  limitranges: "LimitRange",
} as const satisfies Partial<Record<ResourceKind, string>>;

/** A write so soon after the creation belongs to it. */
const AT_ONCE = 2 * SECOND;
const MOST_NAMES = 6;
const FROM_THE_START = new Set(["kube-root-ca.crt", "cluster-autoscaler-status"]);

/** Edits of a ConfigMap or Secret, by keys; only metadata is needed. */
export function dataEdits(
  kind: "configmaps" | "secrets",
  object: KubeObject,
  window: TimeWindow,
): readonly RecentChange[] {
  if (isBookkeeping(object)) return [];
  const [word, change] =
    kind === "secrets" ? (["Secret", "secret"] as const) : (["ConfigMap", "config"] as const);
  const parts = ["data", "binaryData", "stringData"];
  const keys = (write: Write) => parts.flatMap((part) => fieldsUnder(write, part));
  return edits(object, window, keys).map((edit) => ({
    kind: change,
    ...aboutObject(kind, word, object),
    ...described(edit, "key"),
  }));
}

/** What controllers write all day, and what Helm keeps its revisions in. */
function isBookkeeping({ metadata }: KubeObject): boolean {
  const { name, annotations } = metadata;
  return (
    FROM_THE_START.has(name) ||
    name.startsWith("sh.helm.release.v1.") ||
    annotations["control-plane.alpha.kubernetes.io/leader"] !== undefined
  );
}

/** Edits of objects whose meaning is in their spec; only metadata is needed. */
export function settingsEdits(
  kind: keyof typeof settingsKinds,
  object: KubeObject,
  window: TimeWindow,
): readonly RecentChange[] {
  return edits(object, window, (write) => fieldsUnder(write, "spec")).map((edit) => ({
    kind: "settings",
    ...aboutObject(kind, settingsKinds[kind], object),
    ...described(edit, "field"),
  }));
}

interface Edit {
  readonly write: Write;
  readonly names: readonly string[];
  readonly created: boolean;
}

function edits(
  object: KubeObject,
  window: TimeWindow,
  namesIn: (write: Write) => readonly string[],
): readonly Edit[] {
  const createdAt = Date.parse(object.metadata.creationTimestamp ?? "");
  const writes = writesOf(object).filter(({ subresource }) => subresource === "");
  const [first] = writes.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return writes
    .filter(({ at }) => isWithin(window, at))
    .map((write) => ({
      write,
      names: namesIn(write),
      created: write === first && write.at.getTime() - createdAt <= AT_ONCE,
    }))
    .filter(({ names }) => names.length > 0);
}

function described({ write, names, created }: Edit, noun: "key" | "field") {
  const { manager: who, at, applied } = write;
  const summary = created ? createdText(names, noun) : editText(names, noun, applied);
  return { who, at, summary, details: [] };
}

function createdText(names: readonly string[], noun: "key" | "field"): string {
  return noun === "key" ? `Created, ${listed(names, noun)}.` : "Created.";
}

/** Writers are remembered with all that they ever set: with more than one name, not each need have changed. */
export function editText(
  names: readonly string[],
  noun: "key" | "field",
  applied: boolean,
): string {
  const verb = applied ? "Applied" : "Edited";
  return names.length === 1
    ? `${verb}, ${listed(names, noun)}.`
    : `${verb}, some or all of ${listed(names, noun)}.`;
}

function listed(names: readonly string[], noun: "key" | "field"): string {
  return `${noun}${names.length === 1 ? "" : "s"} ${atMost(names, MOST_NAMES, noun).join(", ")}`;
}
