import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import { type LastExit, podState } from "#domain/kubernetes/pods.ts";
import { clip } from "#domain/text/untrusted.ts";
import { containerText } from "./containers.ts";
import { cells, each, since } from "./row.ts";

/** Longest message in a listing; a pod that was asked for by name shows more of it. */
const MESSAGE = 120;
const MESSAGE_NAMED = 600;

export const podRows = each((object, { now, named }) => {
  const pod = readPod(object);
  const state = podState(pod, now);
  return {
    state:
      state.status === "Running" && state.health !== "well" ? "Running, not ready" : state.status,
    health: state.health,
    cells: cells({
      name: state.name,
      status: state.status,
      ready: state.ready,
      restarts: state.restarts,
      last_exit: state.lastExit && exitText(state.lastExit, now),
      age: state.age,
      node: state.node,
      message: clip(state.message, named ? MESSAGE_NAMED : MESSAGE),
      ...(named ? details(pod) : {}),
    }),
  };
});

/** `137 OOMKilled 3m ago`. */
export function exitText({ code, reason, at }: LastExit, now: Date): string {
  return [code, reason, since(at, now)].filter((part) => part !== "").join(" ");
}

function details({ spec, metadata }: Pod) {
  const [owner] = metadata.ownerReferences;
  return {
    containers: [...spec.initContainers, ...spec.containers].map(containerText).join("; "),
    owner: owner && `${owner.kind}/${owner.name}`,
  };
}
