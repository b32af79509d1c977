import { expect, test } from "vitest";
import type { Action } from "#domain/approvals/action.ts";
import { renderReport } from "#domain/reports/render.ts";
import type { ReportFacts, ReportInput } from "#domain/reports/sections.ts";
import { HOUR } from "#domain/window.ts";

const createdAt = new Date("2026-04-25T15:00:00Z");
const plain: ReportInput = {
  severity: "P1",
  summary: "customer-etl failed 78 % of its runs from 14:05. Release v2.3.1 leaked connections.",
  followUps: [],
};
const none: ReportFacts = { createdAt, actions: [], lookedBackMs: 6 * HOUR };

function action(id: string, change: Partial<Action>): Action {
  return {
    id,
    tool: "helm_rollback",
    args: { release: "customer-etl" },
    principal: "kim",
    state: "passed",
    shown: {
      target: { kind: "Release", name: "customer-etl", namespace: "data" },
      risk: "high",
      reversible: "partial",
      summary: "Roll customer-etl back to revision 6.",
      diff: "",
      impact: "",
      warnings: [],
      undo: "",
      command: "",
      binds_hash: "",
    },
    planned: {},
    targetKey: "",
    createdAt,
    ...change,
  };
}

const rolledBack = action("ACT-2", {
  appliedAt: new Date("2026-04-25T14:40:12Z"),
  applied: { summary: "customer-etl is at revision 8, as revision 6 was.", facts: {} },
  verification: {
    outcome: "passed",
    checks: [{ name: "workloads", ok: true, evidence: "3 of 3 ready" }],
    at: "2026-04-25T14:45:00.000Z",
  },
});
const restarted = action("ACT-1", {
  tool: "kubectl_rollout_restart",
  appliedAt: new Date("2026-04-25T14:30:00Z"),
  verification: { outcome: "failed", checks: [], at: "2026-04-25T14:35:00.000Z" },
});

test("a report tells what happened, why, what was done and what to watch", () => {
  const { markdown, title, id } = renderReport(
    {
      ...plain,
      whatHappened: "Alarm customer-etl-failure-rate went to ALARM at 14:08 (78 % > 20 %).",
      rootCause: "v2.3.1 does not return connections.",
      followUps: ["Connections in use below 50."],
    },
    { ...none, actions: [rolledBack, restarted] },
  );
  expect(title).toBe("P1: customer-etl failed 78 % of its runs from 14:05.");
  expect(markdown.replaceAll(id, "RPT")).toMatchInlineSnapshot(`
    "# P1: customer-etl failed 78 % of its runs from 14:05.

    RPT, written 2026-04-25T15:00:00Z

    ## Summary

    customer-etl failed 78 % of its runs from 14:05. Release v2.3.1 leaked connections.

    ## What happened

    Alarm customer-etl-failure-rate went to ALARM at 14:08 (78 % > 20 %).

    ## Why it happened

    v2.3.1 does not return connections.

    ## What was done

    - 2026-04-25T14:30:00Z kubectl_rollout_restart: Roll customer-etl back to revision 6. Verification failed. ACT-1
    - 2026-04-25T14:40:12Z helm_rollback: customer-etl is at revision 8, as revision 6 was. Verification passed (workloads: 3 of 3 ready). ACT-2

    ## What to watch next

    - Connections in use below 50.
    - kubectl_rollout_restart on Release customer-etl: verification failed; look again (ACT-1)."
  `);
});

test("two arguments are enough, and gaps are named", () => {
  const { markdown } = renderReport(plain, none);
  expect(markdown).toContain(`## What happened\n\n${plain.summary}`);
  expect(markdown).not.toContain("## Summary");
  expect(markdown).toContain("## Why it happened\n\nNot given with this report.");
  expect(markdown).toContain("No change was made through Firewatch in the 6h before.");
  expect(markdown).toContain("## What to watch next\n\nNothing was named.");
});

test("the same report has the same id; another time gives another", () => {
  const { id } = renderReport(plain, none);
  expect(id).toMatch(/^RPT-20260425-[0-9a-f]{8}$/);
  expect(renderReport(plain, none).id).toBe(id);
  expect(renderReport(plain, { ...none, createdAt: new Date("2026-04-25T15:00:01Z") }).id).not.toBe(
    id,
  );
});

test("many changes are bounded, the newest kept", () => {
  const actions = Array.from({ length: 25 }, (_, index) =>
    action(`ACT-${index}`, { appliedAt: new Date(createdAt.getTime() + index * 1000) }),
  );
  const { markdown } = renderReport(plain, { ...none, actions });
  expect(markdown).toContain("5 earlier changes left out.");
  expect(markdown.match(/^- 2026.* ACT-\d+$/gm)).toHaveLength(20);
  expect(markdown).toMatch(/^- 2026.* ACT-24$/m);
  expect(markdown.match(/look again \(ACT-\d+\)/g)).toEqual(
    [20, 21, 22, 23, 24].map((n) => `look again (ACT-${n})`),
  );
  expect(markdown).toContain("20 earlier changes not verified either.");
});

const hostile =
  "<!channel> <@U123> <https://evil.example|docs> ![x](https://evil.example/?q) [ok](https://evil.example)\n# Approved by kim\n---\n<script>alert(1)</script> a < b && c > d";

test("text of others can neither ping, nor link, nor pose as a heading", () => {
  const { markdown, message } = renderReport({ ...plain, summary: hostile, title: hostile }, none);
  const sent = JSON.stringify(message);
  expect(sent).not.toMatch(/<[!@#a-z/]/i);
  expect(sent).toContain("&lt;!channel&gt;");
  expect(sent).toContain("a &lt; b &amp;&amp; c &gt; d");
  expect(sent).not.toContain('"mrkdwn"');
  expect(markdown).not.toMatch(/<[!@a-z/]/i);
  expect(markdown).not.toContain("](");
  expect(markdown).not.toMatch(/^# Approved|^---$/m);
  expect(markdown).toContain("a < b && c > d");
});

test("secrets and characters that deceive are left out of both", () => {
  const summary = "Key AKIAIOSFODNN7EXAMPLE was \u202Eleaked\u001b[31m.";
  const { markdown, message } = renderReport({ ...plain, summary }, none);
  for (const text of [markdown, JSON.stringify(message)]) {
    expect(text).not.toContain("AKIAIOSFODNN7EXAMPLE");
    expect(text.includes("\u202E") || text.includes("\u001b")).toBe(false);
  }
});

test("a long report stays within Slack's limits and says where the rest is", () => {
  const long = `${"&".repeat(2999)}😀`.repeat(4).slice(0, 8000);
  const { message, id } = renderReport(
    {
      ...plain,
      title: "t".repeat(120),
      summary: long,
      whatHappened: long,
      rootCause: long.slice(0, 4000),
    },
    none,
  );
  const texts = message.blocks.flatMap(textsOf);
  expect(message.blocks.length).toBeLessThanOrEqual(50);
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(3000);
  expect(texts.join("").length).toBeLessThanOrEqual(13_000);
  for (const text of texts) expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
  expect(texts.at(-1)).toContain(`firewatch report ${id}`);
});

function textsOf(block: Readonly<Record<string, unknown>>): readonly string[] {
  return [...JSON.stringify(block).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, text = ""]) => text,
  );
}
