import { expect, test } from "vitest";
import { limitRangeWarnings } from "#domain/kubernetes/limit-range.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { plus, podResources, times } from "#domain/kubernetes/pod-resources.ts";
import { quotaWarnings } from "#domain/kubernetes/quota.ts";
import { emptyRoom, fitting, occupy, roomWarnings } from "#domain/kubernetes/room.ts";
import { podTemplateSchema } from "#domain/kubernetes/template.ts";
import { object, pod } from "../../support/objects.ts";

const Gi = 2 ** 30;
const asks = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
const spec = (containers: readonly object[], initContainers: readonly object[] = []) =>
  podTemplateSchema.parse({ spec: { containers, initContainers } }).spec;

test("a pod asks for its containers and sidecars together, or for its largest init container", () => {
  const app = { name: "app", ...asks("250m", "1Gi") };
  const proxy = { name: "proxy", restartPolicy: "Always", ...asks("100m", "1Gi") };
  const migrate = { name: "migrate", ...asks("1", "1Gi") };
  expect(podResources(spec([app], [proxy]))).toMatchObject({ cpuRequest: 0.35 });
  expect(podResources(spec([app], [proxy, migrate]))).toMatchObject({
    cpuRequest: 1,
    memoryRequest: 2 * Gi,
  });
  const limited = { name: "app", resources: { limits: { cpu: "2" } } };
  expect(podResources(spec([limited])), "a limit stands for a missing request").toMatchObject({
    cpuRequest: 2,
    cpuLimit: 2,
  });
});

test("resources add up and multiply", () => {
  const one = podResources(spec([{ name: "app", ...asks("250m", "1Gi") }]));
  expect(plus(times(3, one), times(-3, one))).toEqual(times(0, one));
  expect(times(4, one)).toMatchObject({ cpuRequest: 1, memoryRequest: 4 * Gi });
});

const node = (name: string, more: object = {}, ready = "True") =>
  object(name, {
    status: {
      allocatable: { cpu: "2", memory: "4Gi", pods: "10" },
      conditions: [{ type: "Ready", status: ready }],
    },
    ...more,
  });

test("room is what ready nodes have left, by whichever runs out first", () => {
  const nodes = [node("a"), node("b"), node("c", {}, "Unknown")];
  const cordoned = node("d", { spec: { unschedulable: true } });
  const room = emptyRoom([...nodes, cordoned]);
  const wanted = podResources(spec([{ name: "app", ...asks("500m", "1Gi") }]));
  expect(fitting(room, wanted)).toBe(8);
  const container = { name: "app", ...asks("1500m", "1Gi") };
  const held = (name: string, nodeName: string, phase: string) =>
    readPod(pod(name, { spec: { nodeName, containers: [container] }, status: { phase } }));
  occupy(room, [held("x", "a", "Running"), held("y", "a", "Succeeded"), held("z", "c", "Running")]);
  expect(fitting(room, wanted)).toBe(1 + 4);
  expect(roomWarnings(room, wanted, 5)).toEqual([]);
  expect(roomWarnings(room, wanted, 6)[0]).toContain("room for 5 of the 6");
  expect(roomWarnings(emptyRoom([]), wanted, 6), "unseen nodes say nothing").toEqual([]);
});

test("quotas count growth, by each of their names; those of certain pods are left out", () => {
  const status = {
    hard: { pods: "10", "requests.cpu": "4", "limits.memory": "8Gi" },
    used: { pods: "9", "requests.cpu": "3", "limits.memory": "8Gi" },
  };
  const growth = { pods: 2, cpuRequest: 0.5, memoryRequest: Gi, cpuLimit: 0, memoryLimit: Gi };
  const found = quotaWarnings([object("team", { status })], growth);
  expect(
    found.map((text) => text.match(/(pods|requests\.cpu|limits\.memory) in use/)?.[1]),
  ).toEqual(["pods", "limits.memory"]);
  const scoped = object("best", { spec: { scopes: ["BestEffort"] }, status });
  expect(quotaWarnings([scoped], growth)).toEqual([]);
  expect(quotaWarnings([object("team", { status })], times0(growth))).toEqual([]);
});

function times0(growth: { readonly pods: number }) {
  const none = { cpuRequest: 0, memoryRequest: 0, cpuLimit: 0, memoryLimit: 0 };
  return { ...growth, ...none, pods: 0 };
}

test("a container outside the namespace's bounds is told, with the bound", () => {
  const limits = [
    { type: "Pod", max: { cpu: "1m" } },
    {
      type: "Container",
      min: { cpu: "100m" },
      max: { memory: "1Gi" },
      maxLimitRequestRatio: { memory: "2" },
    },
  ];
  const range = object("bounds", { spec: { limits } });
  const container = (requests: object, of: object) => {
    const [only] = spec([{ name: "app", resources: { requests, limits: of } }]).containers;
    return only ? limitRangeWarnings([range], only) : [];
  };
  expect(container({ cpu: "200m", memory: "600Mi" }, { memory: "1Gi" })).toEqual([]);
  expect(container({ cpu: "50m", memory: "512Mi" }, { memory: "2Gi" })).toEqual([
    expect.stringContaining("asks for at least 100m cpu"),
    expect.stringContaining("allows at most 1Gi memory"),
    expect.stringContaining("at most 2 times the request"),
  ]);
});
