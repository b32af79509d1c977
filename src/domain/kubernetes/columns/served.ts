import * as z from "zod";
import { type Condition, conditionSchema } from "#domain/kubernetes/pod.ts";
import { cells, each, nameAndAge, type Row } from "./row.ts";

/** One word, as the conventions ask for; a sentence could be anybody's. */
const word = z
  .string()
  .regex(/^[\w.-]{1,60}$/)
  .optional()
  .catch(undefined);

/** Where custom resources usually tell how they are. None of it is sure to be there, or to have this shape. */
const statusSchema = z
  .object({
    phase: word,
    state: word,
    conditions: z.array(conditionSchema).optional().catch(undefined),
    health: z.object({ status: word }).optional().catch(undefined),
    sync: z.object({ status: word }).optional().catch(undefined),
  })
  .optional()
  .catch(undefined);
type Status = z.output<typeof statusSchema>;

/** Kinds that were found by discovery: by the conventions of custom resources. */
export const servedRows = each((object, view) => {
  const status = statusSchema.parse(object.status);
  const { name, age } = nameAndAge(object, view);
  const { state, health, reason } = servedState(status);
  return { state, health, cells: cells({ name, status: state, reason, age }) };
});

/** Conditions whose truth means well, in the order in which they are believed. */
const GOOD = ["Ready", "Available", "Healthy", "Synced", "Established", "Succeeded"];

type State = Pick<Row, "state" | "health"> & { readonly reason?: string };

function servedState(status: Status): State {
  const condition = GOOD.flatMap((type) => conditionOf(status, type)).at(0);
  if (condition !== undefined) return conditionState(condition);
  const words = [status?.phase, status?.state, status?.health?.status, status?.sync?.status];
  const state = words.filter((each) => each !== undefined && each !== "").join(", ");
  return { state, health: /fail|error|degraded|unknown/i.test(state) ? "failing" : "well" };
}

function conditionOf(status: Status, type: string): readonly Condition[] {
  return (status?.conditions ?? []).filter((condition) => condition.type === type);
}

function conditionState({ type, status, reason }: Condition): State {
  if (status === "True") return { state: type, health: "well" };
  const why = word.parse(reason) ?? "";
  return status === "False"
    ? { state: `Not ${type.toLowerCase()}`, health: "failing", reason: why }
    : { state: "Unknown", health: "waiting", reason: why };
}
