import { expect, test } from "vitest";
import { connect } from "../support/connect.ts";

const eras = ["modern", "legacy"] as const;

test.each(eras)("prompts are listed with their arguments (%s)", async (era) => {
  const { client } = await connect({ era });
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name).toSorted()).toEqual([
    "cloudwatch_analyst",
    "eks_troubleshooter",
    "incident_supervisor",
    "remediation_operator",
    "root_cause_analyst",
  ]);
});

test.each(eras)("a prompt carries facts that were read for it (%s)", async (era) => {
  const { client } = await connect({ era });
  const { messages } = await client.getPrompt({
    name: "incident_supervisor",
    arguments: { alarm: "customer-etl-failure-rate" },
  });
  const [message] = messages;
  const text = message?.content.type === "text" ? message.content.text : "";
  expect(text).toContain("list_active_alarms {}");
  expect(text).toContain("get_alarm_history");
  expect(text).toMatch(/customer-etl-failure-rate.*ALARM/s);
  expect(text).not.toContain("helm_history {");
});

test("a fact that cannot be read is an error in the text, not of the prompt", async () => {
  const { client } = await connect();
  const { messages } = await client.getPrompt({
    name: "incident_supervisor",
    arguments: { alarm: "no-such-alarm" },
  });
  expect(JSON.stringify(messages)).toContain("not_found");
});

test.each([
  ["alarm", "customer-etl-", "customer-etl-failure-rate"],
  ["namespace", "da", "data"],
  ["service", "customer", "customer-etl"],
])("%s is completed", async (name, typed, expected) => {
  const { client } = await connect();
  const { completion } = await client.complete({
    ref: { type: "ref/prompt", name: "incident_supervisor" },
    argument: { name, value: typed },
  });
  expect(completion.values).toContain(expected);
});

test("completion keeps to the allow-list", async () => {
  const { client } = await connect({ settings: { namespaces: ["web-*"] } });
  const { completion } = await client.complete({
    ref: { type: "ref/prompt", name: "incident_supervisor" },
    argument: { name: "namespace", value: "" },
  });
  expect(completion.values).not.toContain("data");
});
