import { type Pod, replace, type Wanted } from "./pods.ts";

/**
 * What the controllers do while the deployment is paused: pods stay as they are, of whichever template; `more` of the
 * one that was rolled out last come or go when somebody scales.
 */
export function hold(pods: readonly Pod[], wanted: Wanted, more: number): readonly Pod[] {
  const seen = pods.filter(({ createdAt }) => createdAt < wanted.at);
  const held = seen.map((pod) =>
    pod.goneAt > wanted.at ? { ...pod, goneAt: Number.POSITIVE_INFINITY } : pod,
  );
  const alive = held.filter(({ goneAt, hash }) => goneAt > wanted.at && hash === wanted.hash);
  const others = held.filter((pod) => !alive.includes(pod));
  const replicas = Math.max(0, alive.length + more);
  return [...others, ...replace(alive, { ...wanted, replicas })];
}
