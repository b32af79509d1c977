import fc from "fast-check";
import { expect, test } from "vitest";
import { diffContent, differs } from "#domain/helm/diff.ts";
import { diffText } from "#domain/helm/diff-text.ts";
import { parseManifest } from "#domain/helm/manifest.ts";
import type { RevisionContent } from "#domain/helm/release.ts";
import { toJson } from "#domain/json.ts";
import { diffFields, pathText } from "#domain/text/field-diff.ts";
import { OpsError } from "#errors.ts";

const chart = (
  version: string,
  { image = "registry.local/shop:1.4.0", memory = "512Mi", pool = "20", replicas = 3 } = {},
): RevisionContent => ({
  manifest: `---
# Source: shop/templates/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-settings
data:
  pool_size: "${pool}"
  app.properties: |
    timeout=5
    pool=${pool}
---
apiVersion: v1
kind: Secret
metadata:
  name: shop-keys
data:
  signing: ${Buffer.from(`key of ${version}`).toString("base64")}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    helm.sh/chart: shop-${version}
spec:
  replicas: ${replicas}
  template:
    metadata:
      annotations:
        checksum/settings: "${pool}-${version}"
    spec:
      containers:
        - name: shop
          image: ${image}
          env:
            - name: DB_PASSWORD
              value: hunter-${version}
          resources:
            limits:
              memory: ${memory}
`,
  values: { memory, pool: Number(pool), auth: { apiKey: `abc-${version}` } },
});

test("a diff names objects and fields, hides secrets and folds version labels", () => {
  const from = chart("1.5.0", { image: "registry.local/shop:1.5.0", memory: "128Mi", pool: "50" });
  expect(diffText(diffContent(from, chart("1.4.0")))).toMatchInlineSnapshot(`
    "Deployment shop
      spec.template.spec.containers[shop].env[DB_PASSWORD].value: changed
      spec.template.spec.containers[shop].image: registry.local/shop:1.5.0 → registry.local/shop:1.4.0
      spec.template.spec.containers[shop].resources.limits.memory: 128Mi → 512Mi
    ConfigMap shop-settings
      data["app.properties"]:
        - pool=50
        + pool=20
      data.pool_size: 50 → 20
    Secret shop-keys
      data.signing: changed
    Values
      auth.apiKey: changed
      memory: 128Mi → 512Mi
      pool: 50 → 20
    Version labels and checksums of 1 object differ too."
  `);
});

test("an object that only one revision has is named whole", () => {
  const bare = { manifest: "", values: {} };
  const text = diffText(diffContent(bare, { ...chart("1.4.0"), values: {} }));
  expect(text).toBe(
    "Deployment shop: added\nConfigMap shop-settings: added\nSecret shop-keys: added",
  );
});

test("secrets inside a part that is new as a whole are hidden too", () => {
  const values = {
    auth: { apiKey: "abc", user: "shop" },
    env: [{ name: "DB_PASSWORD", value: "hunter2" }],
  };
  const text = diffText(diffContent({ manifest: "", values: {} }, { manifest: "", values }));
  expect(text).toContain(`auth: added {"apiKey":"(hidden)","user":"shop"}`);
  expect(text).not.toContain("hunter2");
});

test("version labels and checksums alone make no difference", () => {
  const labels = (version: string) => ({
    manifest: `kind: Service\nmetadata:\n  name: shop\n  labels: {helm.sh/chart: shop-${version}}`,
    values: {},
  });
  const diff = diffContent(labels("1"), labels("2"));
  expect(differs(diff)).toBe(false);
  expect(diffText(diff)).toBe("Version labels and checksums of 1 object differ too.");
});

test("a long diff says how many lines it left out", () => {
  const wide = (value: string): RevisionContent => ({
    manifest: "",
    values: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key${index}`, value])),
  });
  const lines = diffText(diffContent(wide("a"), wide("b"))).split("\n");
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toBe("… 21 more lines");
});

test("named list items are compared by name, whatever their order", () => {
  const before = [{ name: "a", image: "x" }, { name: "b" }];
  const after = [{ name: "b" }, { name: "a", image: "y" }];
  const [change, ...rest] = diffFields(before, after, ["containers"]);
  expect(rest).toEqual([]);
  expect(pathText(change?.path ?? [])).toBe("containers[a].image");
});

test("a manifest that is no YAML is a clear error, and lists are taken apart", () => {
  expect(() => parseManifest("a: [")).toThrow(OpsError);
  const list = "kind: List\nitems:\n- {kind: Service, metadata: {name: a}}\n- null";
  expect(parseManifest(list).map(({ name }) => name)).toEqual(["a"]);
});

test("equal content has no differences, and a difference is seen from both sides", () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map(toJson);
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(diffFields(a, a)).toEqual([]);
      expect(diffFields(a, b).length).toBe(diffFields(b, a).length);
    }),
  );
});
