import { expect, test } from "vitest";
import type { Caller } from "#tools/tool.ts";
import { callsOver, openHouse } from "../support/connect.ts";

/** Half of a pair: JSON can carry it, UTF-8 cannot, and canonical JSON has no form for it. */
const HALF = "\ud83d";

const caller: Caller = { principal: "kim", client: "test", transport: "memory", verified: false };

async function calls() {
  const { house } = await openHouse();
  return { house, ...callsOver(house) };
}

test.each([
  ["post_incident_report", { summary: `It failed ${HALF}` }],
  ["kubectl_patch_configmap", { name: "customer-etl-config", data: { note: HALF } }],
  ["kubectl_patch_configmap", { name: "customer-etl-config", data: { [HALF]: "" } }],
  ["helm_rollback", { release: "customer-etl", namespace: "data", reason: HALF }],
  ["get_action", { action_id: HALF }],
])("%s refuses half of a Unicode pair, and the attempt is audited", async (name, args) => {
  const { perform, house } = await calls();
  const outcome = await perform(name, args, caller);
  expect(outcome).toMatchObject({ kind: "refused", code: "invalid_input" });
  const { audit } = await house.records();
  expect(await audit.read(0, 10)).toMatchObject([{ tool: name, outcome: "invalid_input" }]);
});

test("a client whose name is cut within a pair is audited all the same", async () => {
  const { perform, house } = await calls();
  await perform(`list_active_alarms${HALF}`, {}, { ...caller, client: `kim's client ${HALF}` });
  const { audit } = await house.records();
  expect(await audit.read(0, 10)).toMatchObject([{ event: "refused", outcome: "not_found" }]);
});
