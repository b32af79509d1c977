import { expect, test } from "vitest";
import { scheduleParts } from "#domain/diagnosis/pods/schedule-parts.ts";
import { condition, object } from "../../../support/objects.ts";
import { toldOf } from "./examined.ts";

const unplaced = (message: string, spec = {}) => ({
  status: {
    phase: "Pending",
    conditions: [condition("PodScheduled", "False", "Unschedulable", message)],
  },
  spec: { nodeName: "", ...spec },
  containers: [],
});

const TAIL = "preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.";

test.each([
  ["0/5 nodes are available: 5 Insufficient cpu.", "insufficient_cpu"],
  ["0/5 nodes are available: 5 Insufficient memory.", "insufficient_memory"],
  ["0/5 nodes are available: 5 Too many pods.", "too_many_pods"],
  ["0/5 nodes are available: 5 node(s) had untolerated taint {team: ml}.", "taint_not_tolerated"],
  ["0/5 nodes are available: 5 node(s) had untolerated taint(s).", "taint_not_tolerated"],
  [
    "0/5 nodes are available: 5 node(s) didn't match Pod's node affinity/selector.",
    "node_affinity",
  ],
  [
    "0/5 nodes are available: 5 node(s) didn't match pod topology spread constraints.",
    "topology_spread",
  ],
  ["0/5 nodes are available: 5 node(s) didn't match pod anti-affinity rules.", "topology_spread"],
  ["0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims.", "unbound_claim"],
  ['0/5 nodes are available: persistentvolumeclaim "db" not found.', "unbound_claim"],
  ["0/5 nodes are available: 5 node(s) had volume node affinity conflict.", "volume_zone"],
  [
    "0/5 nodes are available: 5 node(s) didn't match PersistentVolume's node affinity.",
    "volume_zone",
  ],
])("the scheduler says: %s", (message, cause) => {
  expect(scheduleParts(`${message} ${TAIL}`).map((part) => part.cause)).toEqual([cause]);
});

test("control planes and cordoned nodes weigh less than any other reason", () => {
  const message =
    "0/5 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable, 3 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }.";
  expect(toldOf(unplaced(message))).toEqual([
    'insufficient_cpu (certain): No node takes the pod, 1 of them because of "Insufficient cpu".',
  ]);
});

test("figures of the pod and of the largest node", () => {
  const resources = { requests: { cpu: "6", memory: "1Gi" } };
  const nodes = [object("node-a", { status: { allocatable: { cpu: "3920m", memory: "7Gi" } } })];
  const pod = unplaced("0/1 nodes are available: 1 Insufficient cpu.", {
    containers: [{ name: "app", image: "etl:1", resources }],
  });
  expect(toldOf(pod, [], { world: { nodes } })).toEqual([
    'insufficient_cpu (certain): No node takes the pod, 1 of them because of "Insufficient cpu". It asks for 6 CPU; the largest node has 3.92, so it fits on none even when empty.',
  ]);
});

test("a reason that counts nearly as much comes second, as possible", () => {
  const message =
    "0/6 nodes are available: 2 node(s) didn't match Pod's node affinity/selector, 3 Insufficient memory.";
  expect(toldOf(unplaced(message)).map((text) => text.slice(0, 30))).toEqual([
    "insufficient_memory (certain):",
    "node_affinity (possible): No n",
  ]);
});
