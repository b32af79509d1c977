import * as z from "zod";

/** A label selector as objects carry it. */
export const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
export type Selector = z.output<typeof selectorSchema>;
type Expression = Selector["matchExpressions"][number];
type Labels = Readonly<Record<string, string>>;

/** Whether the labels satisfy all of the selector. An empty selector matches everything. */
export function selects(selector: Selector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value);
  return equal && selector.matchExpressions.every((expression) => holds(expression, labels));
}

function holds({ key, operator, values }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** The selector in the form that list calls take: `app=web,tier in (a,b)`. */
export function selectorText({ matchLabels, matchExpressions }: Selector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return [...equal, ...matchExpressions.map(expressionText)].join(",");
}

function expressionText({ key, operator, values }: Expression): string {
  switch (operator) {
    case "In":
      return `${key} in (${values.join(",")})`;
    case "NotIn":
      return `${key} notin (${values.join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}
