import { expect, test } from "vitest";
import { connect } from "../support/connect.ts";

const rollback = { release: "customer-etl", namespace: "data" };
const yes = { action: "accept", content: { approve: true, target: "customer-etl" } } as const;

test("dry run shows the plan and changes nothing", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const before = await call("helm_history", rollback);
  const planned = await call("helm_rollback", rollback);
  expect(planned.value.status).toBe("planned");
  expect(planned.text).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Roll release customer-etl back from revision 7 (customer-etl-2.3.1, app v2.3.1) to revision 6 (customer-etl-2.3.0, app v2.3.0). Revision 6 is the newest healthy one that differs from the current 7.
    Action ACT-0000000001.

    Target: Release data/customer-etl in cluster sandbox. Risk: high. Reversible: partial.
    Impact: Replaces the 3 pods of deployment/customer-etl.
    Warning: Hooks of the chart run again. Database migrations, data and custom resource definitions are not taken back.
    \`\`\`diff
    Deployment customer-etl
      spec.template.spec.containers[customer-etl].image: registry.example.com/data/customer-etl:v2.3.1 → registry.example.com/data/customer-etl:v2.3.0
    Values
      image.tag: v2.3.1 → v2.3.0
    Version labels and checksums of 3 objects differ too.
    \`\`\`
    Way back: undo_action, which calls helm_rollback with release "customer-etl", namespace "data", revision 7
    By hand: helm rollback customer-etl 6 --namespace data --wait --timeout 300s --kube-context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
  expect(await call("helm_history", rollback)).toEqual(before);
});

test.each(["modern", "legacy"] as const)(
  "a yes in a dialog carries it out once (%s)",
  async (era) => {
    const questions: string[] = [];
    const answer = (message: string) => {
      questions.push(message);
      return yes;
    };
    const { call, calls, house } = await connect({ era, answer });
    const done = await call("helm_rollback", rollback);
    expect(done.value).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
    expect(done.text).toMatch(
      /\nNext: .* see the change and its workloads, not the incident: .*list_active_alarms/,
    );
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain("revision 7");
    expect(calls.context.running.size).toBe(0);
    const { actions } = await house.records();
    expect((await actions.list(10)).map(({ state }) => state)).toEqual(["passed"]);
  },
);

test.each([
  ["declined", { action: "decline" }],
  ["cancelled", { action: "cancel" }],
  ["accepted without content", { action: "accept" }],
  ["accepted with approve missing", { action: "accept", content: { target: "customer-etl" } }],
  ["accepted without the target", { action: "accept", content: { approve: true } }],
  ["accepted with another target", { action: "accept", content: { approve: true, target: "x" } }],
] as const)("%s: nothing is changed and the approval stays open", async (_name, answer) => {
  for (const era of ["modern", "legacy"] as const) {
    const { call, house } = await connect({ era, answer: () => answer });
    const before = await call("helm_history", rollback);
    const said = await call("helm_rollback", rollback);
    expect(said).toMatchObject({ failed: false, value: { status: "declined" } });
    expect(said.text).toContain(`firewatch approve ${said.value.code}`);
    expect(await call("helm_history", rollback)).toEqual(before);
    const { approvals } = await house.records();
    expect((await approvals.byCode(String(said.value.code)))?.state).toBe("pending");
  }
});

test("a host that cannot ask gets the code, the plan and the command", async () => {
  const { call } = await connect();
  const waiting = await call("helm_rollback", rollback);
  expect(waiting.text).toMatchInlineSnapshot(`
    "Waiting for a person's approval: Roll release customer-etl back from revision 7 (customer-etl-2.3.1, app v2.3.1) to revision 6 (customer-etl-2.3.0, app v2.3.0). Revision 6 is the newest healthy one that differs from the current 7.
    Action ACT-0000000001, approval code 3333-3336, until 2026-04-25T14:37:33Z.

    Target: Release data/customer-etl in cluster sandbox. Risk: high. Reversible: partial.
    Impact: Replaces the 3 pods of deployment/customer-etl.
    Warning: Hooks of the chart run again. Database migrations, data and custom resource definitions are not taken back.
    \`\`\`diff
    Deployment customer-etl
      spec.template.spec.containers[customer-etl].image: registry.example.com/data/customer-etl:v2.3.1 → registry.example.com/data/customer-etl:v2.3.0
    Values
      image.tag: v2.3.1 → v2.3.0
    Version labels and checksums of 3 objects differ too.
    \`\`\`
    Way back: undo_action, which calls helm_rollback with release "customer-etl", namespace "data", revision 7
    By hand: helm rollback customer-etl 6 --namespace data --wait --timeout 300s --kube-context sandbox

    Next: Show the plan to the person and have them run, in a terminal of their own: firewatch approve 3333-3336. Then make the same call again with approval_code "3333-3336"."
  `);
  expect((await call("helm_rollback", rollback)).value.code).toBe(waiting.value.code);
});
