import { expect, test } from "vitest";
import type { ElicitAnswer } from "../../support/connect.ts";
import { bothEras, connected, kinds } from "./clients.ts";
import { newestRevision, refusals, rollback, yes } from "./rollback.ts";

test.each(kinds)(
  "%s over %s: from the alarm to a rollback that a person approves",
  async (...kind) => {
    let answer: ElicitAnswer = yes;
    const asked: string[] = [];
    const client = await connected(kind, {
      answer: (message) => {
        asked.push(message);
        return answer;
      },
    });
    if (kind[0] !== "older") expect(client.protocol).toBe("2026-07-28");
    expect(await client.listTools()).toEqual(
      expect.arrayContaining(["list_active_alarms", "helm_rollback"]),
    );
    expect((await client.call("list_active_alarms")).text).toContain("customer-etl-failure-rate");
    for (const [how, refusal] of Object.entries(refusals)) {
      answer = refusal;
      const { value, failed } = await client.call("helm_rollback", rollback);
      expect([how, value.status, failed]).toEqual([how, "declined", false]);
      expect(value.code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    }
    expect(await newestRevision(client)).toBe(7);
    answer = yes;
    const done = await client.call("helm_rollback", rollback);
    expect(done.value.status).toBe("applied");
    expect(await newestRevision(client)).toBe(8);
    expect(asked).toHaveLength(Object.keys(refusals).length + 1);
    expect(new Set(asked).size).toBe(1);
  },
);

test.each(bothEras)(
  "%s over %s: a host that cannot ask gets the code and the command",
  async (...kind) => {
    const client = await connected(kind);
    const { text, value } = await client.call("helm_rollback", rollback);
    expect(value.status).toBe("approval_required");
    expect(text).toContain(String(value.code));
    expect(text).toContain(String(value.approve_command));
    const again = await client.call("helm_rollback", { ...rollback, approval_code: value.code });
    expect(again.value.status).toBe("approval_required");
    expect(await newestRevision(client)).toBe(7);
  },
);
