import { expect, test } from "vitest";
import {
  backwards,
  changedSettings,
  hasSettings,
  requireSound,
  resourceOptions,
  resourcePatch,
  settingWarnings,
  withSettings,
} from "#domain/kubernetes/resource-change.ts";
import { podTemplateSchema } from "#domain/kubernetes/template.ts";

function containerWith(resources: object) {
  const template = { spec: { containers: [{ name: "app", resources }] } };
  const [container] = podTemplateSchema.parse(template).spec.containers;
  if (!container) throw new Error("no container");
  return container;
}

const container = containerWith({ requests: { cpu: "250m" }, limits: { memory: "512Mi" } });

test("only what differs in amount is a change", () => {
  const asked = { cpu_request: "0.25", cpu_limit: "none", memory_limit: "1Gi" };
  const changes = changedSettings(container, asked);
  expect(changes).toEqual([{ setting: "memory_limit", from: "512Mi", to: "1Gi" }]);
});

test("changes patch, show in options of kubectl, and turn round", () => {
  const changes = changedSettings(container, { cpu_request: "none", memory_request: "256Mi" });
  expect(resourcePatch(changes)).toEqual({
    requests: { cpu: null, memory: "256Mi" },
    limits: {},
  });
  expect(resourceOptions(changes)).toEqual(["--requests=cpu=0,memory=256Mi"]);
  const after = withSettings(container, changes);
  expect(after.resources).toEqual({ requests: { memory: "256Mi" }, limits: { memory: "512Mi" } });
  expect(hasSettings(after, changes, "to")).toBe(true);
  expect(hasSettings(container, changes, "from")).toBe(true);
  const back = changedSettings(after, backwards(changes));
  expect(withSettings(after, back)).toEqual(container);
});

test("a request above its limit is refused, with or without the limit being asked for", () => {
  const changes = changedSettings(container, { memory_request: "600Mi" });
  expect(() => requireSound(withSettings(container, changes))).toThrow(
    "The memory request 600Mi is above the limit 512Mi.",
  );
  const both = changedSettings(container, { memory_request: "600Mi", memory_limit: "1Gi" });
  expect(() => requireSound(withSettings(container, both))).not.toThrow();
});

test("limits that fall, or go, are warned of; those that rise are not", () => {
  const texts = (asked: object) => settingWarnings(changedSettings(container, asked));
  expect(texts({ memory_limit: "256Mi" })).toEqual([
    "A container that needs more memory than 256Mi is killed (OOMKilled).",
  ]);
  expect(texts({ memory_limit: "none" })[0]).toContain("Without a memory limit");
  expect(texts({ cpu_limit: "500m" })[0]).toContain("throttled");
  expect(texts({ memory_limit: "1Gi" })).toEqual([]);
});
