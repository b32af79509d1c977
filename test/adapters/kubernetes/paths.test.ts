import { describe, expect, it } from "vitest";
import { listPath, namespacedKinds, objectPath } from "#adapters/kubernetes/kinds.ts";
import { withoutSecrets } from "#adapters/kubernetes/redact.ts";
import { kubeObjectSchema } from "#domain/kubernetes/object.ts";

const odd = [
  "",
  "-x",
  "../secrets",
  "a/b",
  "a b",
  "a;b",
  "a\nb",
  "A",
  "ａ",
  "x".repeat(254),
  "%2e",
];

describe("paths of the API", () => {
  it("of a kind, in one namespace or in all, and of one object", () => {
    expect(listPath("pods")).toBe("/api/v1/pods");
    expect(listPath("deployments", "data")).toBe("/apis/apps/v1/namespaces/data/deployments");
    expect(listPath("nodes", "data")).toBe("/api/v1/nodes");
    const ref = { kind: "scaledobjects", namespace: "data", name: "etl" } as const;
    expect(objectPath(ref)).toBe("/apis/keda.sh/v1alpha1/namespaces/data/scaledobjects/etl");
  });

  it.each(odd)("refuse %j as a name and as a namespace", (name) => {
    const invalid = expect.objectContaining({ code: "invalid_input" });
    expect(() => objectPath({ kind: "pods", namespace: "data", name })).toThrow(invalid);
    expect(() => listPath("pods", name)).toThrow(invalid);
  });

  it("refuse a namespaced kind without a namespace", () => {
    for (const kind of namespacedKinds) {
      expect(() => objectPath({ kind, name: "x" })).toThrow("live in a namespace");
    }
  });
});

describe("what never leaves the adapter", () => {
  const secret = kubeObjectSchema.parse({
    metadata: {
      name: "db",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", team: "data" },
    },
    data: { password: "aHVudGVyMg==" },
    stringData: { token: "hunter2" },
  });

  it("values of Secrets, and the copy of what was last applied", () => {
    const shown = withoutSecrets("secrets", secret);
    expect(shown.data).toEqual({ password: "" });
    expect(shown.metadata.annotations).toEqual({ team: "data" });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});
