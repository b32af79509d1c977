import { DAY } from "#domain/window.ts";
import type { StoryRevision, Values } from "#sandbox/cluster/app.ts";

/** One step of a release's past, in words short enough to read as a list. */
export interface Step {
  readonly daysAgo: number;
  readonly version: string;
  readonly failure?: string;
  /** What differs from the values of the step before, beside the image's tag. */
  readonly values?: Partial<Values>;
}

type Revisions = readonly [StoryRevision, ...StoryRevision[]];

/** The revisions of a release from its first values and its steps, oldest first. */
export function revisions(
  start: number,
  base: Values,
  steps: readonly [Step, ...Step[]],
): Revisions {
  let values = base;
  const [first, ...rest] = steps.map((step, i): StoryRevision => {
    values = { ...values, ...step.values, image: { ...base.image, tag: `v${step.version}` } };
    return {
      revision: i + 1,
      at: start - step.daysAgo * DAY,
      version: step.version,
      values,
      ...(step.failure === undefined ? {} : { failure: step.failure }),
    };
  });
  if (!first) throw new Error("a release has at least one revision");
  return [first, ...rest];
}

export function values(image: string, replicaCount: number, config: Values["config"]): Values {
  return {
    image: { repository: `registry.example.com/${image}`, tag: "" },
    replicaCount,
    resources: {
      requests: { cpu: "250m", memory: "256Mi" },
      limits: { memory: "512Mi" },
    },
    config,
  };
}
