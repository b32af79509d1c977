import { describe, expect, it } from "vitest";
import { alarmSchema, type Revision } from "#cli/demo/answers.ts";
import type { Case, Releases } from "#cli/demo/case.ts";
import { culpritOf, leadText, remedies } from "#cli/demo/choose-remedy.ts";

const ONSET = "2026-04-25T14:00:00Z";

const revision = (number: number, updated_at: string, healthy = true): Revision => ({
  ...{ revision: number, updated_at, healthy },
  ...{ status: "superseded", chart: `web-${number}`, app_version: "", healthy_why: "" },
});
const old = revision(3, "2026-04-20T09:00:00Z");
const fresh = revision(4, "2026-04-25T13:55:00Z");

function caseWith(releases?: Releases): Case {
  const primary = alarmSchema.parse({
    ...{ name: "web-5xx", kind: "metric", since: ONSET, for: "5m", watches: "" },
  });
  const suspect = { namespace: "shop", name: "web", ready: "2/2", score: 4, why: [] };
  return {
    trouble: { alarms: [primary], primary },
    symptom: { label: "Errors", unit: "Count", onset: ONSET },
    workload: {
      suspect: { kind: "statefulset", ...suspect },
      rollout: { state: "done", why: "", desired: 2, ready: 2, pods: [], events: [] },
      releaseNames: ["web"],
    },
    ...(releases ? { releases } : {}),
  };
}

const fitting = (found: Case) =>
  remedies(found)
    .filter(({ fits }) => fits)
    .map(({ tool, args }) => ({ tool, args }));

describe("culpritOf", () => {
  it.each([
    ["five minutes before", "2026-04-25T13:55:00Z", true],
    ["five hours before", "2026-04-25T09:00:00Z", true],
    ["seven hours before", "2026-04-25T07:00:00Z", false],
    ["within the metric's resolution after", "2026-04-25T14:05:00Z", true],
    ["an hour after", "2026-04-25T15:00:00Z", false],
  ])("a release %s the onset", (_, at, suspected) => {
    expect(culpritOf([revision(4, at), old], ONSET)?.revision).toBe(suspected ? 4 : undefined);
  });

  it("knows none without revisions", () => {
    expect(culpritOf([], ONSET)).toBeUndefined();
  });
});

describe("leadText", () => {
  it("says how long before", () => {
    expect(leadText(fresh, ONSET)).toBe("5m before");
    expect(leadText(revision(4, ONSET), ONSET)).toBe("within the minute of");
  });
});

describe("remedies", () => {
  it("rolls back a release that went out shortly before, and nothing else", () => {
    const found = caseWith({ release: "web", revisions: [fresh, old], culprit: fresh });
    const args = { release: "web", namespace: "shop" };
    expect(fitting(found)).toEqual([{ tool: "helm_rollback", args }]);
  });

  it("does not roll back to what never was healthy", () => {
    const revisions = [fresh, revision(3, old.updated_at, false)];
    expect(fitting(caseWith({ release: "web", revisions, culprit: fresh }))).toEqual([]);
  });

  it("restarts, else scales, when nothing was released", () => {
    const restart = { deployment: "web", namespace: "shop", resource_type: "statefulset" };
    const scale = { release: "web", namespace: "shop", workload: "web", replicas: 3 };
    expect(fitting(caseWith({ release: "web", revisions: [old] }))).toEqual([
      { tool: "kubectl_rollout_restart", args: restart },
      { tool: "helm_scale", args: scale },
    ]);
  });

  it("restarts what no release owns", () => {
    expect(fitting(caseWith()).map(({ tool }) => tool)).toEqual(["kubectl_rollout_restart"]);
  });
});
