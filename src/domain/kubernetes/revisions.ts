import * as z from "zod";
import { isObject, type Json, toJson } from "#domain/json.ts";
import { type KubeObject, metadataSchema } from "./object.ts";
import { rawTemplate } from "./restart.ts";
import { podTemplateSchema } from "./template.ts";
import { plainTemplate } from "./template-diff.ts";
import { isOwnedBy, revisionOf, type Workload } from "./workload.ts";

/** A pod template that a workload had, as its controller keeps it. */
export interface TemplateRevision {
  readonly revision: number;
  /** The ReplicaSet or ControllerRevision that keeps it. */
  readonly keeper: KubeObject;
  /** When it was first rolled out. */
  readonly createdAt: Date;
  /** Without what the controller added: what `spec.template` has to become to return to it. */
  readonly template: Json;
  readonly images: readonly string[];
  /** What its author noted as the cause; untrusted text, empty when nothing was noted. */
  readonly changeCause: string;
  /** Numbers that the same template had before it was rolled out again. */
  readonly earlier: readonly number[];
}

const controllerRevisionSchema = z.object({
  metadata: metadataSchema,
  revision: z.int().default(0),
  data: z
    .object({ spec: z.object({ template: z.unknown().optional() }).prefault({}) })
    .prefault({}),
});

/** The kind of object that keeps a workload's revisions. */
export function keeperKind({
  kind,
}: Pick<Workload, "kind">): "replicasets" | "controllerrevisions" {
  return kind === "deployments" ? "replicasets" : "controllerrevisions";
}

/** The workload's revisions, newest number first. Keepers of other workloads may be among those given. */
export function revisionsOf(
  { kind, metadata }: Workload,
  keepers: readonly KubeObject[],
): readonly TemplateRevision[] {
  const read = kind === "deployments" ? keptByReplicaSet : keptByRevision;
  return keepers
    .filter((keeper) => isOwnedBy(keeper, metadata.uid))
    .map(read)
    .sort((a, b) => b.revision - a.revision);
}

function keptByReplicaSet(keeper: KubeObject): TemplateRevision {
  const earlier = earlierNumbers(keeper);
  return kept(keeper, revisionOf(keeper.metadata), rawTemplate(keeper), earlier);
}

/** Numbers that a ReplicaSet's template had before it was rolled out again. */
export function earlierNumbers({ metadata }: KubeObject): readonly number[] {
  const history = metadata.annotations["deployment.kubernetes.io/revision-history"] ?? "";
  return history
    .split(",")
    .filter((part) => /^\d+$/.test(part))
    .map(Number);
}

function keptByRevision(keeper: KubeObject): TemplateRevision {
  const { revision } = controllerRevisionSchema.parse(keeper);
  return kept(keeper, revision, keptTemplate(keeper), []);
}

/** The pod template in a ControllerRevision, as it is kept. */
export function keptTemplate(keeper: KubeObject): Json {
  return toJson(controllerRevisionSchema.parse(keeper).data.spec.template);
}

function kept(
  keeper: KubeObject,
  revision: number,
  raw: Json,
  earlier: readonly number[],
): TemplateRevision {
  const template = plainTemplate(raw);
  const { annotations, creationTimestamp = EPOCH } = keeper.metadata;
  return {
    revision,
    keeper,
    createdAt: new Date(creationTimestamp),
    template,
    images: imagesOf(template),
    changeCause: annotations[CHANGE_CAUSE] ?? "",
    earlier,
  };
}

const CHANGE_CAUSE = "kubernetes.io/change-cause";
const EPOCH = "1970-01-01T00:00:00Z";

/** Images of the template's containers, without repetition. */
export function imagesOf(template: Json): readonly string[] {
  const { spec } = podTemplateSchema.parse(isObject(template) ? template : {});
  return [...new Set([...spec.initContainers, ...spec.containers].map(({ image }) => image))];
}

interface Numbered {
  readonly revision: number;
  readonly earlier: readonly number[];
}

/** What was rolled out before that number. What was rolled out again stands for its earlier numbers too. */
export function revisionBefore<R extends Numbered>(
  revision: number,
  all: readonly R[],
): { readonly number: number; readonly kept: R } | undefined {
  return all
    .flatMap((kept) => [kept.revision, ...kept.earlier].map((number) => ({ number, kept })))
    .filter(({ number }) => number < revision)
    .sort((a, b) => b.number - a.number)[0];
}
