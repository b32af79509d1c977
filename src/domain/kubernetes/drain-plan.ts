import { atMost } from "#domain/text/at-most.ts";
import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import { type Budget, budgetName, budgetsOf, budgetText } from "./budget.ts";
import type { SortedPod, SortedPods } from "./drain.ts";
import type { Node } from "./node.ts";
import type { KubeObject } from "./object.ts";
import { podResources } from "./pod-resources.ts";
import type { Room } from "./room.ts";

/** Most pods of one sort that are named. */
const MOST = 15;

/** Throws while pods are on the node that only a person's word lets go. */
export function refuseForbidden(node: string, { forbidden }: Pick<SortedPods, "forbidden">): void {
  if (forbidden.length === 0) return;
  const named = atMost(
    forbidden.map(({ label, why }) => `${label}: ${why}`),
    MOST,
    "pod",
  );
  throw new OpsError(
    "refused",
    `${count(forbidden.length, "pod")} of node ${node} would be lost, or lose data. ${named.join("; ")}.`,
    "A person decides on each; then give the argument named beside it. Nothing more was evicted.",
  );
}

/** Where each pod finds room by its requests, the largest first. Absent where there is none. */
export function placesFor(room: Room, pods: readonly SortedPod[]): ReadonlyMap<string, string> {
  const sizes = pods.map(({ pod }) => ({ uid: pod.metadata.uid, ...podResources(pod.spec) }));
  const bySize = sizes.toSorted(
    (a, b) => b.memoryRequest - a.memoryRequest || b.cpuRequest - a.cpuRequest,
  );
  return new Map(
    bySize.flatMap(({ uid, cpuRequest, memoryRequest }): [string, string][] => {
      const found = [...room].find(
        ([, free]) => free.cpu >= cpuRequest && free.memory >= memoryRequest && free.pods >= 1,
      );
      if (!found) return [];
      const [name, free] = found;
      free.cpu -= cpuRequest;
      free.memory -= memoryRequest;
      free.pods -= 1;
      return [[uid, name]];
    }),
  );
}

/** The node's field, then who leaves, with where there is room, and who stays. */
export function drainDiff(
  node: Node,
  { leave, stay }: SortedPods,
  places: ReadonlyMap<string, string>,
): string {
  const going = leave.map(
    ({ pod, label, why }) => `  - ${label} (${why})${placeText(pod.metadata.uid, why, places)}`,
  );
  const staying = stay.map(({ label, why }) => `  ${label} (${why})`);
  return [
    `Node ${node.name}`,
    `  spec.unschedulable: ${node.cordoned} → true`,
    `Leave: ${leave.length}`,
    ...atMost(going, MOST, "pod"),
    ...(stay.length > 0 ? [`Stay: ${stay.length}`, ...atMost(staying, MOST, "pod")] : []),
  ].join("\n");
}

function placeText(uid: string, why: string, places: ReadonlyMap<string, string>): string {
  if (why === "finished") return "";
  const place = places.get(uid);
  return place === undefined ? ", no room elsewhere" : `, room on ${place}`;
}

export function drainImpact({ name }: Node, { leave }: SortedPods): string {
  const namespaces = new Set(leave.map(({ pod }) => pod.metadata.namespace ?? ""));
  if (leave.length === 0) return `No pod leaves ${name}; new ones stay away.`;
  return `${count(leave.length, "pod")} of ${count(namespaces.size, "namespace")} leave ${name} one by one, as their budgets allow; their controllers make them anew elsewhere.`;
}

/** What could surprise the person who says yes. */
export function drainWarnings(
  sorted: SortedPods,
  places: ReadonlyMap<string, string>,
  budgets: readonly KubeObject[],
): readonly string[] {
  const { leave } = sorted;
  const homeless = leave.filter(
    ({ pod, why }) => why !== "finished" && !places.has(pod.metadata.uid),
  );
  const lost = leave.filter(({ why }) => /nothing makes it anew|loses/.test(why));
  return [
    ...(homeless.length > 0
      ? [
          `The other nodes have no room for ${count(homeless.length, "pod")} by their requests: they stay Pending until a node is added.`,
        ]
      : []),
    ...(lost.length > 0
      ? [
          `Lost for good: ${atMost(
            lost.map(({ label, why }) => `${label} (${why})`),
            MOST,
            "pod",
          ).join(", ")}.`,
        ]
      : []),
    ...severalBudgets(leave, budgets),
    ...atMost(budgetWarnings(leave, budgets), 5, "budget"),
    "Room is judged by requests alone: affinity, topology and volumes may need more.",
  ];
}

/** Pods that the API evicts never. */
function severalBudgets(
  leave: readonly SortedPod[],
  objects: readonly KubeObject[],
): readonly string[] {
  const stuck = leave.filter(({ pod }) => budgetsOf(pod, objects).length > 1);
  if (stuck.length === 0) return [];
  const names = atMost(
    stuck.map(({ label }) => label),
    MOST,
    "pod",
  );
  return [`Under several budgets, so that the API does not evict them: ${names.join(", ")}.`];
}

/** Budgets that allow fewer evictions than the drain asks for: it waits for replacements in between. */
function budgetWarnings(
  leave: readonly SortedPod[],
  objects: readonly KubeObject[],
): readonly string[] {
  const under = leave.flatMap(({ pod }) => budgetsOf(pod, objects));
  const byName = Map.groupBy(under, budgetName);
  return [...byName.values()].flatMap((same) => {
    const [budget] = same;
    return budget && budget.status.disruptionsAllowed < same.length
      ? [`${budgetText(budget)} ${waitText(budget, same.length)}`]
      : [];
  });
}

function waitText({ status }: Budget, pods: number): string {
  return status.disruptionsAllowed === 0
    ? `The drain waits for ${count(pods, "pod")} of it until it allows more, and gives up when its time is up.`
    : `The drain takes its ${count(pods, "pod")} one after the other.`;
}
