import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import { type LastExit, type PodState, podState } from "#domain/kubernetes/pods.ts";
import { clip } from "#domain/text/untrusted.ts";
import { MINUTE } from "#domain/window.ts";
import { containerText } from "./containers.ts";
import { cells, each, type Row, since } from "./row.ts";

/** Longest message in a listing; a pod that was asked for by name shows more of it. */
const MESSAGE = 120;
const MESSAGE_NAMED = 600;

export const podRows = each((object, { now, named }) => {
  const pod = readPod(object);
  const state = podState(pod, now);
  return {
    ...judged(state, now),
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

/** Between two crashes a pod runs and is ready: a restart this recent still tells of it. */
const RECENT = 15 * MINUTE;

function judged(pod: PodState, now: Date): Pick<Row, "state" | "health"> {
  const { status, health, lastRestartAt } = pod;
  if (status === "Running" && health !== "well") return { state: "Running, not ready", health };
  const restarted = lastRestartAt && now.getTime() - lastRestartAt.getTime() < RECENT;
  return health === "well" && restarted
    ? { state: "Running, restarted lately", health: "waiting" }
    : { state: status, health };
}

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
