import { describe, expect, it } from "vitest";
import { objectYaml, shownObject } from "#domain/kubernetes/shown-object.ts";
import { object, pod } from "../../support/objects.ts";

const secret = "hunter2-hunter2";
const lastApplied = { "kubectl.kubernetes.io/last-applied-configuration": `{"x":"${secret}"}` };

describe("an object as it may be shown", () => {
  it("holds no value of a Secret, of a variable, or of what was last applied", () => {
    const env = [
      { name: "MODE", value: secret },
      { name: "FROM", valueFrom: { secretKeyRef: { name: "db", key: "user" } } },
    ];
    const seen = pod("web", {
      metadata: { annotations: { team: "data", ...lastApplied }, managedFields: [{ x: secret }] },
      spec: { containers: [{ name: "app", image: "etl:1", env }] },
    });
    const shown = shownObject(seen);
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(shown).toMatchObject({
      metadata: { annotations: { team: "data" } },
      spec: { containers: [{ env: [{ name: "MODE", value: "(hidden)" }, env[1]] }] },
    });
  });

  it("holds no Secret that another object carries", () => {
    const inner = {
      apiVersion: "v1",
      kind: "Secret",
      data: { a: secret },
      stringData: { b: secret },
    };
    const wrapped = object("wrapper", { spec: { manifests: [inner], template: inner } });
    expect(JSON.stringify(shownObject(wrapped))).not.toContain(secret);
    expect(JSON.stringify(shownObject(object("s", inner)))).not.toContain(secret);
  });

  it("is YAML of whole lines within its bound", () => {
    const big = object("big", { data: { a: "x".repeat(900), b: "1", c: "2" } });
    const { yaml, linesLeftOut } = objectYaml(big, 10_000);
    expect(linesLeftOut).toBe(0);
    expect(yaml).toContain("name: big");
    expect(Math.max(...yaml.split("\n").map((line) => line.length))).toBe(400);
    const part = objectYaml(big, 60);
    expect(part.yaml.length).toBeLessThanOrEqual(60);
    expect(part.yaml.split("\n").length + part.linesLeftOut).toBe(yaml.split("\n").length);
  });
});
