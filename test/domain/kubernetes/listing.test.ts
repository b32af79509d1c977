import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { resolveKind } from "#domain/kubernetes/kinds.ts";
import { listing } from "#domain/kubernetes/listing.ts";
import { missingNamespace, missingObject } from "#domain/kubernetes/missing.ts";
import { type KubeObject, readableKinds } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import { container, NOW, object, pod, terminated, waiting } from "../../support/objects.ts";

const query = { kind: "pods", named: false, now: NOW, allNamespaces: false, limit: 20 } as const;

function looping(index: number): KubeObject {
  return pod(`checkout-7d9f8b6c5d-x${index}z4q`, {
    containers: [
      container(waiting("CrashLoopBackOff", `back-off 5m0s restarting failed container ${index}`), {
        restartCount: index,
        lastState: terminated(137, "OOMKilled"),
      }),
    ],
  });
}

describe("a listing", () => {
  it("counts by state and puts the sick first", () => {
    const found = listing([pod("a"), looping(1), pod("b")], query);
    expect(found.summary).toBe("3 pods: 1 CrashLoopBackOff, 2 Running.");
    expect(found.rows.map(({ name }) => name)).toEqual(["checkout-7d9f8b6c5d-x1z4q", "a", "b"]);
    expect(found.leftOut).toBe(0);
  });

  it("names the namespace when there are several", () => {
    const [row] = listing([pod("a")], { ...query, allNamespaces: true }).rows;
    expect(row).toMatchObject({ namespace: "data", name: "a" });
  });

  it("shows all the rows asked for when they are few", () => {
    const pods = Array.from({ length: 9 }, (_, index) => looping(index));
    expect(listing(pods, { ...query, limit: 3, allNamespaces: true }).rows).toHaveLength(3);
  });

  it("stays below 2,000 tokens with long rows, and says how many it left out", () => {
    const pods = Array.from({ length: 60 }, (_, index) => looping(index));
    const { rows, leftOut } = listing(pods, query);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length + leftOut).toBe(60);
    expect(encode(JSON.stringify(rows)).length).toBeLessThan(1_900);
  });

  it("counts keys for one ConfigMap and says when there is nothing", () => {
    const settings = object("settings", { data: { a: "1", b: "2" } });
    const named = { ...query, kind: "configmaps", named: true } as const;
    expect(listing([settings], named).summary).toBe("2 keys of configmap settings.");
    expect(listing([], query).summary).toBe("No pods.");
    expect(listing([pod("a")], { ...query, namespace: "data" }).summary).toBe(
      "1 pod in namespace data: 1 Running.",
    );
  });
});

describe("the name of a kind", () => {
  it("may be plural, singular or short, in any case, with its group", () => {
    const said = ["po", "Pod", "deploy", "deployments.apps", "STS", "ep", "cm", "pvc", "hpa"];
    expect(said.map(resolveKind)).toEqual([
      "pods",
      "pods",
      "deployments",
      "deployments",
      "statefulsets",
      "endpointslices",
      "configmaps",
      "persistentvolumeclaims",
      "horizontalpodautoscalers",
    ]);
    expect(readableKinds.map(resolveKind)).toEqual(readableKinds);
  });

  it("that is not allowed is refused with those that are", () => {
    const refusal = (text: string) => {
      try {
        return resolveKind(text);
      } catch (error) {
        return error instanceof OpsError ? `${error.code} ${error.hint}` : error;
      }
    };
    expect(refusal("pod/web-1")).toBe("invalid_input Give resource_type pods and name web-1.");
    expect(refusal("podz")).toMatch(/^invalid_input Did you mean pod\? Kinds: pods, deployments/);
    for (const text of ["roles", "__proto__", "constructor", "-o", "pods;rm", "ро"]) {
      expect(refusal(text)).toMatch(/^invalid_input .*Kinds: pods/);
    }
  });
});

describe("what is missing", () => {
  const ref = { kind: "deployments", namespace: "default", name: "etl" } as const;

  it("is looked for in other namespaces and among like names", () => {
    const error = missingObject(ref, { siblings: ["etl-api", "web"], elsewhere: ["data"] });
    expect(error.message).toBe("There is no deployment etl in namespace default.");
    expect(error.hint).toBe("It is in namespace data. Close names: etl-api.");
  });

  it("is told from an empty namespace", () => {
    expect(missingObject(ref, { siblings: ["zzz"], elsewhere: [] }).hint).toBe("There are: zzz.");
    expect(missingObject(ref, { siblings: [], elsewhere: [] }).hint).toBe(
      "There are no deployments to be seen in namespace default.",
    );
  });

  it("may be the namespace itself", () => {
    expect(missingNamespace("dta", ["data", "kube-system"]).hint).toBe("Close names: data.");
  });
});
