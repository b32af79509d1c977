import { describe, expect, it } from "vitest";
import { fieldPath, valuesAt } from "#domain/kubernetes/field-path.ts";

const object = {
  metadata: { name: "web", labels: { "app.kubernetes.io/name": "web" } },
  spec: { containers: [{ image: "a:1" }, { image: "b:2" }], nodeName: null },
  status: {
    conditions: [
      { type: "Ready", status: "False" },
      { type: "Other", status: "True" },
    ],
  },
};
const at = (path: string) => valuesAt(object, fieldPath(path));

describe("a path of fields", () => {
  it("is read as kubectl and as people write it", () => {
    for (const path of ["metadata.name", ".metadata.name", "{.metadata.name}", "$.metadata.name"]) {
      expect(at(path)).toEqual(["web"]);
      expect(fieldPath(path).text).toBe("metadata.name");
    }
  });

  it("goes through lists, by index, all of them, or those that fit", () => {
    expect(at("spec.containers[*].image")).toEqual(["a:1", "b:2"]);
    expect(at("spec.containers[0].image")).toEqual(["a:1"]);
    expect(at("spec.containers[-1].image")).toEqual(["b:2"]);
    expect(at('status.conditions[?(@.type=="Ready")].status')).toEqual(["False"]);
    expect(at("status.conditions[?(@.type == 'None')].status")).toEqual([]);
  });

  it("may name keys with dots", () => {
    expect(at("metadata.labels['app.kubernetes.io/name']")).toEqual(["web"]);
    expect(at(String.raw`metadata.labels.app\.kubernetes\.io/name`)).toEqual(["web"]);
  });

  it("finds nothing where there is nothing", () => {
    for (const path of ["spec.nodeName", "a.b.c", "metadata.name.x", "spec[0]", "constructor"]) {
      expect(at(path)).toEqual([]);
    }
  });

  it("is refused when it is none", () => {
    for (const path of ["", ".", "a..b", "a[", "a b", "a;b", "{range .items[*]}", "a[?(@.b>1)]"]) {
      expect(() => fieldPath(path)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    }
  });
});
