import * as z from "zod";
import type { KubeObject } from "./object.ts";
import { amount } from "./quantity.ts";
import type { Container } from "./template.ts";

const quantitiesSchema = z.record(z.string(), z.string()).default({});
const limitRangeSchema = z.object({
  spec: z
    .object({
      limits: z
        .array(
          z.object({
            type: z.string(),
            min: quantitiesSchema,
            max: quantitiesSchema,
            maxLimitRequestRatio: quantitiesSchema,
          }),
        )
        .default([]),
    })
    .prefault({}),
});

type Bounds = z.output<typeof limitRangeSchema>["spec"]["limits"][number];

/** Bounds of the namespace on single containers that this one breaks: its pods would not be created. */
export function limitRangeWarnings(
  ranges: readonly KubeObject[],
  container: Container,
): readonly string[] {
  return ranges.flatMap((range) => {
    const limits = limitRangeSchema
      .parse(range)
      .spec.limits.filter(({ type }) => type === "Container");
    const broken = limits.flatMap((bounds) => brokenBounds(bounds, container));
    return broken.map(
      (what) =>
        `LimitRange ${range.metadata.name} ${what}: pods with this container are not created.`,
    );
  });
}

function brokenBounds(bounds: Bounds, { resources }: Container): readonly string[] {
  return ["cpu", "memory"].flatMap((name) => {
    const { [name]: request } = resources.requests;
    const { [name]: limit } = resources.limits;
    const [least, most] = [bounds.min[name], bounds.max[name]];
    const ratio = amount(bounds.maxLimitRequestRatio[name]);
    const [asked, allowed] = [amount(request ?? limit), amount(limit)];
    return [
      ...(below(asked, amount(least)) ? [`asks for at least ${least} ${name}`] : []),
      ...(below(amount(most), allowed) ? [`allows at most ${most} ${name}`] : []),
      ...(ratio !== undefined && asked && allowed && allowed / asked > ratio
        ? [`allows a ${name} limit of at most ${ratio} times the request`]
        : []),
    ];
  });
}

function below(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a < b;
}
