import { expect, test } from "vitest";
import { seededBytes } from "../support/bytes.ts";
import { connect } from "../support/connect.ts";
import { liveNames } from "../support/live-names.ts";
import { naturalChanges, naturalReads } from "../support/natural-calls.ts";
import { DECEIVING, ORDER, POISON, poisoned, SECRET } from "../support/poisoned.ts";

/** What a person or a model would see of it, wherever it went. */
function complaints(where: string, seen: unknown): string[] {
  const text = typeof seen === "string" ? seen : JSON.stringify(seen);
  const plain = strings(seen).join("\n");
  return [
    ...(text.includes(SECRET) ? [`${where}: the secret`] : []),
    ...(plain.search(DECEIVING) >= 0 ? [`${where}: a deceiving character`] : []),
  ];
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** Lines of a text that show the attacker's words neither quoted nor inside a block of untrusted text. */
function unmarked(text: string): string[] {
  const outside = text.replaceAll(/<untrusted [\s\S]*?\n<\/untrusted>/g, "");
  const bare = outside.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, "");
  return bare.split("\n").filter((line) => line.includes(ORDER));
}

/** Tools whose answers show what others wrote, so that the poison is known to have got as far. */
const showing = [
  "list_active_alarms",
  "get_alarm_history",
  "fetch_log_events",
  "kubectl_get",
  "kubectl_logs",
  "helm_history",
];

test.each(["customer-etl", "checkout-memory"])(
  "nothing of a poisoned %s gets out",
  { timeout: 60_000 },
  async (scenario) => {
    const settings = { randomBytes: seededBytes() };
    const { house, call, client } = await connect({ scenario, world: poisoned, settings });
    const names = await liveNames(house.world);
    const slugs = (await house.runbooks.list()).map(({ slug }) => slug);
    const found: string[] = [];
    const shown = new Set<string>();
    for (const { tool, args } of [...naturalReads(names, slugs), ...naturalChanges(names)]) {
      const { text, value } = await call(tool, { ...args });
      const where = `${tool} ${JSON.stringify(args)}`;
      if (text.includes(ORDER)) shown.add(tool);
      found.push(...complaints(`${where}, text`, text), ...complaints(`${where}, value`, value));
      found.push(...unmarked(text).map((line) => `${where}, not marked: ${line}`));
    }
    for (const alarm of names.alarms) {
      const prompt = await client.getPrompt({ name: "incident_supervisor", arguments: { alarm } });
      found.push(...complaints("prompt", prompt.messages));
    }
    const { actions, audit } = await house.records();
    found.push(...complaints("actions", await actions.list(500)));
    found.push(...complaints("audit", await audit.read(0, 1_000)));
    expect([...new Set(found)]).toEqual([]);
    expect([...shown]).toEqual(expect.arrayContaining(showing));
  },
);

test("what a caller writes is cleaned before it is kept or sent on", async () => {
  const { house, call } = await connect({ answer: () => ({ action: "cancel" }) });
  const words = { summary: POISON, what_happened: POISON, root_cause: POISON, follow_ups: ["x"] };
  const report = await call("post_incident_report", words);
  const target = { release: "customer-etl", namespace: "data" };
  const plan = await call("helm_rollback", { ...target, reason: POISON.replaceAll(DECEIVING, "") });
  await call("kubectl_patch_configmap", {
    name: "customer-etl-config",
    namespace: "data",
    data: { note: `postgres://u:${SECRET}@db` },
  });
  const { actions, audit, reports } = await house.records();
  const kept = [await actions.list(50), await audit.read(0, 50), await reports.list(10)];
  const found = [report, plan, ...kept].flatMap((each) => complaints("kept or sent", each));
  expect(found).toEqual([]);
});
