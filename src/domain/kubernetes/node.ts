import * as z from "zod";
import { type KubeObject, metadataSchema } from "./object.ts";
import { conditionSchema } from "./pod.ts";

const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      unschedulable: z.boolean().default(false),
      taints: z.array(z.object({ key: z.string(), effect: z.string() })).default([]),
    })
    .prefault({}),
  status: z.object({ conditions: z.array(conditionSchema).default([]) }).prefault({}),
});
type RawNode = z.output<typeof nodeSchema>;

/** A node as far as changes of it need to know. */
export interface Node {
  readonly name: string;
  readonly uid: string;
  readonly cordoned: boolean;
  /** NotReady, or the pressures it is under; empty when it is well. */
  readonly troubles: readonly string[];
  /** Whether the scheduler may put an ordinary pod there: ready, not cordoned, no taint that keeps pods away. */
  readonly open: boolean;
}

export function readNode(object: KubeObject): Node {
  const { metadata, spec, status } = nodeSchema.parse(object);
  const troubles = troublesOf(status);
  const kept = spec.taints.some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
  return {
    name: metadata.name,
    uid: metadata.uid,
    cordoned: spec.unschedulable,
    troubles,
    open: !(spec.unschedulable || kept || troubles.includes("NotReady")),
  };
}

function troublesOf({ conditions }: RawNode["status"]): readonly string[] {
  const ready = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  const pressures = conditions.filter(
    ({ type, status }) => type.endsWith("Pressure") && status === "True",
  );
  return [...(ready ? [] : ["NotReady"]), ...pressures.map(({ type }) => type)];
}
