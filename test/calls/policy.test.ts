import { expect, test } from "vitest";
import { appliedActions, approve } from "../support/approve.ts";
import { connect } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };
const restart = { deployment: "customer-etl", namespace: "data" };

test("a broken policy file refuses every action, while reads go on", async () => {
  const server = await connect({ policy: "version: 1\nrules: [oops" });
  const { text } = await server.call("helm_rollback", target);
  expect(text).toMatch(/^policy_unreadable/);
  expect((await server.call("helm_history", target)).failed).toBe(false);
});

test("a policy may let a small change go alone, and only that", async () => {
  const policy = `version: 1
rules:
  - name: pool size
    tools: [kubectl_patch_configmap]
    namespaces: [data]
    decision: automatic
    arguments:
      name: { equals: customer-etl-config }
      namespace: { equals: data }
      data.max_connections: { at_most: 200 }
      restart: { equals: false }
  - name: no restarts
    tools: [kubectl_rollout_restart]
    decision: never
`;
  const server = await connect({ policy });
  const patch = (value: string) =>
    server.call("kubectl_patch_configmap", {
      name: "customer-etl-config",
      namespace: "data",
      data: { max_connections: value },
    });
  expect((await patch("201")).value.status).toBe("approval_required");
  expect((await patch("200")).value.status).toBe("applied");
  expect((await server.call("kubectl_rollout_restart", restart)).text).toMatch(/^policy_denied/);
});

test("a policy that keeps dialogs away sends the person to the terminal", async () => {
  const asked: string[] = [];
  const answer = (message: string) => {
    asked.push(message);
    return { action: "accept", content: { approve: true, target: "customer-etl" } } as const;
  };
  const server = await connect({ policy: "version: 1\nelicitation: medium\n", answer });
  expect((await server.call("helm_rollback", target)).value.status).toBe("approval_required");
  expect(asked).toEqual([]);
});

test.each([
  ["approvers: [ann]\n", "lee is not among"],
  ["require_passphrase: true\n", "passphrase"],
])("a word from a terminal that went by another policy does not count (%j)", async (rule, why) => {
  const server = await connect({ policy: `version: 1\n${rule}` });
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const args = { ...target, approval_code: code };
  const refused = await server.call("helm_rollback", args);
  expect(refused.text).toMatch(/^policy_denied/);
  expect(refused.text).toContain(why);
  expect((await server.call("helm_rollback", args)).value.status).toBe("expired");
  expect(await appliedActions(server.house)).toEqual([]);
});
