import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hashPassphrase } from "#cli/passphrase.ts";
import type { Action } from "#domain/approvals/action.ts";
import { APPROVAL_MINUTES } from "#domain/approvals/approval.ts";
import { MINUTE } from "#domain/window.ts";
import { atTerminal, firewatch, stateFolder, storeIn } from "./run.ts";

const CODE = "K7XD-4PQM";
const user = userInfo().username;

/** A rollback that waits for approval, asked for a minute ago. */
async function waiting(
  change: { readonly risk?: "medium" | "high"; readonly ageMs?: number } = {},
) {
  const folder = stateFolder();
  const store = await storeIn(folder);
  const createdAt = new Date(Date.now() - (change.ageMs ?? MINUTE));
  await store.actions.create(action(createdAt, change.risk ?? "medium"));
  await store.approvals.create({
    code: CODE,
    actionId: "act_1",
    bindsHash: "h",
    principal: "kim",
    state: "pending",
    createdAt,
    expiresAt: new Date(createdAt.getTime() + APPROVAL_MINUTES * MINUTE),
  });
  const state = async () => (await store.approvals.byCode(CODE))?.state;
  return { folder, store, state, args: ["approve", CODE, "--state-dir", folder] };
}

function action(createdAt: Date, risk: "medium" | "high"): Action {
  return {
    id: "act_1",
    tool: "helm_rollback",
    args: { release: "orders", namespace: "shop" },
    principal: "kim",
    reason: "the release broke it",
    state: "pending",
    shown: {
      target: { kind: "release", name: "orders", namespace: "shop" },
      risk,
      reversible: "partial",
      summary: "Roll back orders from revision 7 to 6",
      diff: "- image: orders:7\n+ image: orders:6",
      impact: "Pods are replaced one by one.",
      warnings: [],
      undo: "Roll forward to 7.",
      command: "helm rollback orders 6 --namespace shop",
      binds_hash: "h",
    },
    planned: {},
    targetKey: "/shop/release/orders",
    code: CODE,
    createdAt,
  };
}

describe("approve", () => {
  test("shows the plan, takes a yes and says what comes next", async () => {
    const { args, state, store } = await waiting();
    const ran = await firewatch(args, [["yes or no", "yes"]]);
    expect(ran.out).toContain("Roll back orders from revision 7 to 6");
    expect(ran.out).toContain("+ image: orders:6");
    expect(ran.out).toContain(`called again with approval_code ${CODE}`);
    expect([ran.code, await state()]).toEqual([0, "approved"]);
    expect(await store.audit.read(0, 10)).toMatchObject([
      { event: "approval_decided", outcome: "approved", principal: user, client: "terminal" },
    ]);
  });

  test("high risk takes the target's name, and yes is not enough", async () => {
    const { args, state } = await waiting({ risk: "high" });
    const yes = await firewatch(args, [["orders, to approve", "yes"]]);
    expect([yes.code, await state()]).toEqual([1, "pending"]);
    const named = await firewatch(args, [["orders, to approve", "orders"]]);
    expect([named.code, await state()]).toEqual([0, "approved"]);
  });

  test("no closes it", async () => {
    const { args, state, store } = await waiting();
    const ran = await firewatch(args, [["yes or no", "no"]]);
    expect([ran.code, await state()]).toEqual([1, "declined"]);
    expect((await store.actions.get("act_1"))?.state).toBe("declined");
  });

  test.each([
    ["", "nothing"],
    ["\u0004", "end of input"],
    ["\u0003", "interrupt"],
  ])("%j (%s) leaves it open", async (typed) => {
    const { args, state } = await waiting();
    const ran = await firewatch(args, [["yes or no", typed]]);
    expect([ran.code, await state()]).toEqual([1, "pending"]);
  });

  test("the code is found however it is typed", async () => {
    const { folder, state } = await waiting();
    const args = ["approve", CODE.toLowerCase().replace("-", ""), "--state-dir", folder];
    const ran = await firewatch(args, [["yes or no", "yes"]]);
    expect([ran.code, await state()]).toEqual([0, "approved"]);
  });

  test("without a terminal nobody is asked", async () => {
    const { args, state } = await waiting();
    const ran = await firewatch(args);
    expect(ran).toMatchObject({ code: 3, out: "" });
    expect(ran.errors).toContain("There is no terminal here");
    expect(await state()).toBe("pending");
  });

  test("an unknown code", async () => {
    const { folder } = await waiting();
    const ran = await firewatch(["approve", "XXXX-XXXX", "--state-dir", folder]);
    expect([ran.code, ran.errors]).toEqual([
      4,
      expect.stringContaining('approval_unknown: No approval has the code "XXXX-XXXX".'),
    ]);
  });

  test("an expired, a used and a declined code", async () => {
    const expired = await waiting({ ageMs: 16 * MINUTE });
    expect(await firewatch(expired.args)).toMatchObject({
      code: 4,
      errors: expect.stringContaining("expired at"),
    });
    const used = await waiting();
    const decision = { by: "ada", channel: "terminal", at: new Date() } as const;
    await used.store.approvals.decide(CODE, { ...decision, state: "approved" });
    expect(await firewatch(used.args)).toMatchObject({
      code: 4,
      errors: expect.stringContaining("has been approved by ada"),
    });
    await used.store.approvals.consume(CODE, new Date());
    expect(await firewatch(used.args)).toMatchObject({
      code: 4,
      errors: expect.stringContaining("has been used"),
    });
    const declined = await waiting();
    await declined.store.approvals.decide(CODE, { ...decision, state: "declined" });
    expect(await firewatch(declined.args)).toMatchObject({
      code: 4,
      errors: expect.stringContaining("has been declined by ada"),
    });
  });

  test("a policy that names others", async () => {
    const { folder, args, state, store } = await waiting();
    writeFileSync(join(folder, "policy.yaml"), "version: 1\napprovers: [somebody-else]\n");
    const ran = await firewatch(args, []);
    expect([ran.code, await state()]).toEqual([1, "pending"]);
    expect(ran.errors).toContain(`The policy lets somebody-else approve, and you are ${user}.`);
    expect(await store.audit.read(0, 10)).toMatchObject([
      { event: "approval_attempt", outcome: "not an approver" },
    ]);
  });

  test("a policy that cannot be read", async () => {
    const { folder, args, state } = await waiting();
    writeFileSync(join(folder, "policy.yaml"), "version: 2\n");
    const ran = await firewatch(args, []);
    expect([ran.code, await state()]).toEqual([2, "pending"]);
    expect(ran.errors).toContain("policy_unreadable");
  });

  test("a policy that asks for the passphrase", async () => {
    const { folder, args, state, store } = await waiting();
    writeFileSync(join(folder, "policy.yaml"), "version: 1\nrequire_passphrase: true\n");
    const unset = await firewatch(args, []);
    expect([unset.code, unset.errors]).toEqual([1, expect.stringContaining("none is set")]);
    await store.keys.setPassphrase(await hashPassphrase("open sesame"));
    const wrong = await firewatch(args, [["passphrase:", "open says me"]]);
    expect([wrong.code, await state()]).toEqual([1, "pending"]);
    const right = await firewatch(args, [
      ["passphrase:", "open sesame"],
      ["yes or no", "yes"],
    ]);
    expect([right.code, await state()]).toEqual([0, "approved"]);
    expect(right.out).not.toContain("sesame");
  });
});

test("in a real terminal, a passphrase is not shown", async () => {
  const { folder, args, state, store } = await waiting();
  writeFileSync(join(folder, "policy.yaml"), "version: 1\nrequire_passphrase: true\n");
  await store.keys.setPassphrase(await hashPassphrase("open sesame"));
  const ran = await atTerminal(args, [
    ["passphrase:", "open sesame"],
    ["yes or no", "yes"],
  ]);
  expect([ran.code, await state()]).toEqual([0, "approved"]);
  expect(ran.out).not.toContain("sesame");
});

describe("deny", () => {
  test("closes it, with or without a terminal", async () => {
    const { folder, state } = await waiting();
    const ran = await firewatch(["deny", CODE, "--state-dir", folder]);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("Declined K7XD-4PQM") });
    expect(await state()).toBe("declined");
    expect((await firewatch(["deny", CODE, "--state-dir", folder])).code).toBe(4);
  });
});

describe("approvals", () => {
  test("lists what waits", async () => {
    const { folder } = await waiting({ risk: "high" });
    const ran = await firewatch(["approvals", "--state-dir", folder]);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/K7XD-4PQM +1[34]m.* +high +release shop\/orders +Roll back orders/);
  });

  test("says when nothing does", async () => {
    const folder = stateFolder();
    const ran = await firewatch(["approvals", "--state-dir", folder]);
    expect(ran).toMatchObject({ code: 0, out: `Nothing waits for approval in ${folder}.\n` });
  });
});

describe("approver", () => {
  test("sets the passphrase once it was typed twice; changing it takes the old one", async () => {
    const folder = stateFolder();
    const args = ["approver", "--state-dir", folder];
    const set = await firewatch(args, [
      ["New passphrase:", "open sesame"],
      ["same again:", "open sesame"],
    ]);
    expect([set.code, set.out]).toEqual([0, expect.stringContaining("Set.")]);
    const wrong = await firewatch(args, [["set now:", "guess"]]);
    expect([wrong.code, wrong.errors]).toEqual([1, expect.stringContaining("stays as it is")]);
    const again = await firewatch(args, [
      ["set now:", "open sesame"],
      ["New passphrase:", "short"],
    ]);
    expect([again.code, again.errors]).toEqual([1, expect.stringContaining("at least 8")]);
  });

  test("needs a terminal", async () => {
    expect((await firewatch(["approver", "--state-dir", stateFolder()])).code).toBe(3);
  });
});
