import type { App } from "#sandbox/cluster/app.ts";
import type { WebStory } from "#sandbox/scenarios/web-story.ts";

/** An autoscaler that knows what the load wants. */
export function autoscalerOf(story: WebStory, since: number): NonNullable<App["autoscaler"]> {
  const wants = (at: number) => Math.ceil(needed(story) * surgeAt(story, since, at)) + 1;
  return { min: story.replicas, max: 3 * story.replicas, since, wants };
}

/** Ready pods that carry the usual traffic. */
export function needed({ replicas }: WebStory): number {
  return Math.max(1, replicas - 1);
}

/** How many times the usual traffic comes at that time. */
export function surgeAt({ surge = 1 }: WebStory, onset: number, at: number): number {
  return at < onset ? 1 : surge;
}
