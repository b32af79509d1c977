import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import type { Chat, ChatMessage } from "#ports/chat.ts";
import type { World } from "#ports/index.ts";
import { connect } from "../../support/connect.ts";

const summary = "customer-etl failed 78 % of its runs from 14:05.";

function chatOf(post: Chat["post"]) {
  return (world: World): World => ({ ...world, chat: { post } });
}

test("without a webhook the report is saved, and the answer says so", async () => {
  const { call } = await connect();
  const { text, value } = await call("post_incident_report", { summary });
  expect(text.replaceAll(/RPT-[-0-9a-f]+/g, "RPT")).toMatchInlineSnapshot(`
    "Report RPT is saved, not posted: no Slack webhook is configured (SLACK_WEBHOOK_URL). Print it: firewatch report RPT

    # P2: customer-etl failed 78 % of its runs from 14:05.

    RPT, written 2026-04-25T14:22:33Z

    ## What happened

    customer-etl failed 78 % of its runs from 14:05.

    ## Why it happened

    Not given with this report.

    ## What was done

    No change was made through Firewatch in the 6h before.

    ## What to watch next

    Nothing was named."
  `);
  expect(value).toMatchObject({ severity: "P2", delivery: "saved", changes: 0 });
});

test("in live mode with a webhook it is posted once, and what was sent is recorded", async () => {
  const sent: ChatMessage[] = [];
  const world = chatOf(async (message) => {
    sent.push(message);
  });
  const { call, house } = await connect({ world });
  const { text, value } = await call("post_incident_report", { summary, severity: "P1" });
  expect(text).toContain("is posted to Slack and saved.");
  expect(sent.map(({ text }) => text)).toEqual([`P1: ${summary}`]);
  const [report] = await (await house.records()).reports.list(5);
  expect(report).toMatchObject({ id: value.id, delivery: "slack", sent: sent[0] });
});

test("the same words at the same moment are one report: told again, it is not posted again", async () => {
  const sent: ChatMessage[] = [];
  const world = chatOf(async (message) => {
    sent.push(message);
  });
  const { call, house } = await connect({ world });
  const first = await call("post_incident_report", { summary });
  const again = await call("post_incident_report", { summary });
  expect(again.failed).toBe(false);
  expect(again.text).toContain(
    `Report ${first.value.id} was written before; it is not sent again.`,
  );
  expect(again.value).toMatchObject({ id: first.value.id, delivery: "slack" });
  expect(sent).toHaveLength(1);
  expect(await (await house.records()).reports.list(5)).toHaveLength(1);
});

test("in dry-run nothing leaves", async () => {
  const world = chatOf(async () => {
    throw new Error("posted in dry-run");
  });
  const { call } = await connect({ world, mode: "dry-run" });
  const { text, value } = await call("post_incident_report", { summary });
  expect(value).toMatchObject({ delivery: "saved" });
  expect(text).toContain("messages leave only in live mode, and this is dry-run.");
});

test("a report that Slack does not take is saved all the same, with what to do", async () => {
  const world = chatOf(async () => {
    throw new OpsError("throttled", "Slack takes one message a second.", "Post again in a minute.");
  });
  const { call, house } = await connect({ world });
  const { text, failed, value } = await call("post_incident_report", { summary });
  expect(failed).toBe(false);
  expect(text).toContain(
    "saved, not posted: Slack takes one message a second. Post again in a minute.",
  );
  expect(await (await house.records()).reports.get(String(value.id))).toMatchObject({
    delivery: "saved",
  });
});

test("a change that was made and verified is listed by itself", async () => {
  const { call } = await connect({
    policy:
      "version: 1\nrules: [{ name: all, decision: automatic, arguments: { release: {}, revision: {} } }]\n",
  });
  const rollback = await call("helm_rollback", { release: "customer-etl", namespace: "data" });
  expect(rollback.failed).toBe(false);
  const { text, value } = await call("post_incident_report", { summary });
  expect(value).toMatchObject({ changes: 1 });
  expect(text).toMatch(/helm_rollback: .* Verification (passed|failed|inconclusive)/);
});

test("a long report is clipped in the answer and whole in the record", async () => {
  const { call, house } = await connect();
  const { value } = await call("post_incident_report", { summary: "x ".repeat(4000) });
  expect(String(value.markdown).length).toBeLessThanOrEqual(4000);
  const report = await (await house.records()).reports.get(String(value.id));
  expect(report?.markdown.length).toBeGreaterThan(8000);
});

test.each([
  ["no summary", {}],
  ["a blank summary", { summary: "  \n" }],
  ["a summary of 10 kB", { summary: "x".repeat(10_000) }],
  ["another severity", { summary, severity: "P5" }],
  ["an unknown argument", { summary, channel: "#all" }],
])("%s is refused", async (_, args) => {
  const { call } = await connect();
  const { text, failed } = await call("post_incident_report", args);
  expect(failed).toBe(true);
  expect(text).toMatch(/^invalid_input: /);
  expect(text).toContain("Valid arguments: summary, severity, title");
});
