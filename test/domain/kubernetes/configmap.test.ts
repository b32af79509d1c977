import fc from "fast-check";
import { expect, test } from "vitest";
import {
  holds,
  type KeyValues,
  keyPatch,
  patchDiff,
  patchImpact,
  patchWarnings,
  readersOfKeys,
  restartable,
} from "#domain/kubernetes/configmap.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { deployment, object } from "../../support/objects.ts";

const map = (data: Readonly<Record<string, string>>, parts: object = {}) =>
  object("settings", { data, ...parts });

const reading = (name: string, podSpec: object, spec: object = {}) =>
  readWorkload("deployments", deployment(name, { podSpec: { ...podSpec }, spec: { ...spec } }));

const env = {
  containers: [
    {
      name: "app",
      env: [{ name: "POOL", valueFrom: { configMapKeyRef: { name: "settings", key: "pool" } } }],
    },
  ],
};
const volumes = [{ name: "v", configMap: { name: "settings" } }];
const volume = { volumes, containers: [{ name: "app", volumeMounts: [{ name: "v" }] }] };

test("only keys that change are in the patch, with the way back", () => {
  const patch = keyPatch(map({ pool: "50", mode: "a" }), { pool: "200", mode: "a", extra: "x" });
  expect(patch).toEqual({
    before: { pool: "50", extra: null },
    after: { pool: "200", extra: "x" },
  });
  expect(patchDiff("settings", patch)).toBe(
    "ConfigMap settings\n  data.pool: 50 → 200\n  data.extra: added x",
  );
});

test("applying a patch and then its way back restores the data", () => {
  const values = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ maxLength: 5 }));
  const asked = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.option(fc.string({ maxLength: 5 })),
  );
  const applied = (data: KeyValues, patch: KeyValues) =>
    Object.fromEntries(
      Object.entries({ ...data, ...patch }).flatMap(([key, value]) =>
        value === null ? [] : [[key, value]],
      ),
    );
  const changes = (data: KeyValues, wanted: KeyValues) =>
    Object.entries(wanted).some(([key, value]) => (data[key] ?? null) !== value);
  fc.assert(
    fc.property(values, asked, (data, wanted) => {
      fc.pre(changes(data, wanted));
      const { before, after } = keyPatch(map(data), wanted);
      const changed = applied(data, after);
      expect(holds(map(changed), wanted)).toBe(true);
      expect(applied(changed, before)).toEqual(data);
    }),
  );
});

test("a patch that changes nothing is no change", () => {
  expect(() => keyPatch(map({ pool: "50" }), { pool: "50", gone: null })).toThrow("already holds");
});

test("a key may be named like what every object inherits", () => {
  const patch = keyPatch(map({}), { constructor: "x", toString: null });
  expect(patch).toEqual({ before: { constructor: null }, after: { constructor: "x" } });
});

test("immutable maps and binary keys are refused", () => {
  expect(() => keyPatch(map({ pool: "1" }, { immutable: true }), { pool: "2" })).toThrow(
    "immutable",
  );
  expect(() => keyPatch(map({}, { binaryData: { logo: "AA==" } }), { logo: "x" })).toThrow(
    "binary",
  );
});

test("readers of other keys are left out, and each is told when it sees the change", () => {
  const all = [reading("a", env), reading("b", volume), reading("c", {})];
  const names = (keys: readonly string[]) =>
    readersOfKeys("settings", keys, all).map(({ workload }) => workload.name);
  expect(names(["pool"])).toEqual(["a", "b"]);
  expect(names(["mode"])).toEqual(["b"]);
  expect(patchImpact(readersOfKeys("settings", ["pool"], all), false)).toBe(
    "deployment/a (2 pods) reads it as environment and sees nothing until it is restarted. " +
      "deployment/b (2 pods) reads it as a volume and sees the change in a minute or two, if it reads the file again.",
  );
  expect(patchImpact([], false)).toContain("No workload of the namespace reads these keys");
});

test("a new key that is nearly a known one, sleeping readers and Helm are warned of", () => {
  const owned = object(
    "settings",
    { data: { max_connections: "50" } },
    { annotations: { "meta.helm.sh/release-name": "etl" } },
  );
  const patch = keyPatch(owned, { max_connection: "200" });
  const readers = readersOfKeys("settings", ["pool"], [reading("a", env)]);
  expect(patchWarnings(owned, patch, readers, false)).toEqual([
    "Key max_connection is new; did you mean max_connections?",
    "Nothing changes for deployment/a until a restart: give restart true to include it.",
    "The next upgrade or rollback of Helm release etl undoes this; Helm 4 may ask for --force-conflicts first.",
  ]);
  expect(patchWarnings(map({}), { before: {}, after: {} }, [], true)).toEqual([
    "There is nothing to restart.",
  ]);
});

test("readers without pods are not restarted, and a paused one is refused", () => {
  const readers = (spec: object) => readersOfKeys("settings", ["pool"], [reading("a", env, spec)]);
  expect(restartable(readers({ replicas: 0 }))).toEqual([]);
  expect(() => restartable(readers({ paused: true }))).toThrow("is paused");
});
