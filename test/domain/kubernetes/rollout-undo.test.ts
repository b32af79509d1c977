import { expect, test } from "vitest";
import type { HistoryEntry } from "#domain/kubernetes/rollout-history.ts";
import { undoDiff, undoTarget, undoWarnings } from "#domain/kubernetes/rollout-undo.ts";
import { NOW, object } from "../../support/objects.ts";

const template = (image: string) => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "app", image, env: [{ name: "TOKEN", value: image }] }] },
});

function entry(revision: number, parts: Partial<HistoryEntry> = {}): HistoryEntry {
  const image = `web:v${revision}`;
  return {
    ...{ revision, keeper: object(`web-${revision}`), createdAt: NOW, changeCause: "" },
    ...{ template: template(image), images: [image], earlier: [], current: false },
    ...{ pods: 0, readyPods: 0, healthy: "unknown", why: "nothing on record", since: undefined },
    ...parts,
  };
}

const chosen = (entries: readonly HistoryEntry[], asked?: number) =>
  undoTarget("deployment/web", entries[0]?.template ?? {}, entries, asked).revision;

test("pods that are ready now, or a verification, go before what nothing is known of", () => {
  expect(chosen([entry(5), entry(4), entry(3)])).toBe(4);
  expect(chosen([entry(5), entry(4), entry(3, { healthy: "yes" })])).toBe(3);
  expect(chosen([entry(5), entry(4), entry(3, { readyPods: 2 })])).toBe(3);
  expect(chosen([entry(5), entry(4, { healthy: "no" }), entry(3)])).toBe(3);
});

test("to undo twice does not lead back to what was left", () => {
  expect(chosen([entry(6, { earlier: [4] }), entry(5), entry(3)])).toBe(3);
});

test("a revision with the template that runs is no target", () => {
  const same = entry(4, { template: template("web:v5") });
  expect(chosen([entry(5), same, entry(3)])).toBe(3);
  expect(() => chosen([entry(5), same], 4)).toThrow("already runs the template of revision 4");
});

test("what is asked for is taken, even if it was not well, and that is told", () => {
  const bad = entry(4, { healthy: "no", why: "its verification failed" });
  expect(chosen([entry(5), bad], 4)).toBe(4);
  expect(undoWarnings(bad)[0]).toBe("Revision 4 was not well: its verification failed.");
  expect(() => chosen([entry(5), bad])).toThrow("No earlier revision");
  expect(() => chosen([entry(5), bad], 2)).toThrow("has no revision 2");
});

test("the diff hides values of variables", () => {
  const text = undoDiff("Deployment web", template("web:v5"), entry(4));
  expect(text).toContain("spec.template.spec.containers[app].image: web:v5 → web:v4");
  expect(text).not.toMatch(/TOKEN.*web:v/);
});
