import type { Case, Log } from "./case.ts";
import type { Manifest } from "./world/manifest.ts";

/** What nearly every service writes on a good day, words that sound like trouble included. */
const CHATTER = [
  'level=info msg="served" path=/api/items status=200 duration=12ms',
  'level=info msg="served" path=/api/items/19 status=404 duration=3ms',
  'level=warn msg="cache miss, reading from the database" key=items:19',
  "http: TLS handshake error from 10.42.3.1:51022: EOF",
  'level=info msg="connection to upstream restored after 1 retry"',
  'level=info msg="error budget" used=0.02',
];

interface Asked {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

/** The lines of a run, or nothing when there was none: kubelet, kubelet_pods.go validateContainerLogStatus. */
export function linesOf(one: Case, asked: Asked): readonly string[] | undefined {
  const { pod, container, previous } = asked;
  const logs = one.logs.filter((each) => each.pod === pod && each.container === container);
  const ended = logs.find((each) => each.previous);
  const present = logs.find((each) => !each.previous);
  const { running, last } = runsOf(one.objects, asked);
  const log: Log | undefined = previous || !running ? (ended ?? present) : present;
  if (log) return log.lines;
  if (previous) return last ? [] : undefined;
  if (running) return CHATTER;
  return last ? [] : undefined;
}

/** Whether the container runs now, and whether it ever ended. */
function runsOf(objects: readonly Manifest[], { namespace, pod, container }: Asked) {
  const found = objects.find(
    ({ kind, metadata }) =>
      kind === "Pod" && metadata.name === pod && metadata.namespace === namespace,
  );
  const { containerStatuses = [], initContainerStatuses = [] } = Object(found?.status);
  const status = Object(
    [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container),
  );
  const { state, lastState } = { state: {}, lastState: {}, ...status };
  return {
    running: Object(state).running !== undefined,
    last: [state, lastState].some((each) => Object(each).terminated !== undefined),
  };
}
