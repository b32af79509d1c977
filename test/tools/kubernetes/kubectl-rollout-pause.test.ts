import { expect, test } from "vitest";
import type { World } from "#ports/index.ts";
import { change } from "../../ports/kube.ts";
import { connect } from "../../support/connect.ts";
import { byArgo, marked, powerless } from "../../support/refusals.ts";

const tool = "kubectl_rollout_pause";
const ask = { name: "customer-etl", namespace: "data", paused: true };
const yes = () => ({
  action: "accept" as const,
  content: { approve: true, target: "customer-etl" },
});
const no = () => ({ action: "decline" as const });

/** Somebody else sets another image. */
async function beginRollout(
  world: World,
  { name, namespace }: { name: string; namespace: string },
) {
  const { signal } = new AbortController();
  const { workloads } = (await world.clusters?.open("sandbox")) ?? {};
  const ref = { kind: "deployments", namespace, name } as const;
  const object = await workloads?.get(ref, signal);
  if (!workloads || !object) throw new Error("no such deployment");
  const image = "registry.example.com/media/uploads-api:v2.8.1";
  await workloads.setContainer(ref, { list: "containers", name, image }, change(object), signal);
}

/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows how far the rollout is and what a pause holds up", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call(tool, ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Pause the rollout of deployment/customer-etl in namespace data.
    Action ACT-1.

    Target: Deployment data/customer-etl in cluster sandbox. Risk: low. Reversible: yes.
    Impact: Keeps its 3 pods; 3 of 3 run the newest template. In front: service/customer-etl (all of its 3 ready pods).
    Warning: Until somebody resumes deployment/customer-etl, no restart, image or other change of its template reaches its pods, and deploys wait in vain. Scaling works.
    \`\`\`diff
    Deployment customer-etl
      spec.paused: false → true
    \`\`\`
    Way back: undo_action, which calls kubectl_rollout_pause with name "customer-etl", paused false, namespace "data"
    By hand: kubectl rollout pause deployment/customer-etl --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("a rollout stops where it stands, and goes on when it is resumed", async () => {
  const { call, advance, house } = await connect({ scenario: "quiet-night", answer: yes });
  const target = { name: "uploads-api", namespace: "media" };
  await beginRollout(house.world, target);
  await advance(14_000);
  const { value, text } = await call(tool, { ...target, paused: true });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(text).toContain(
    "stands still (2 of 3 run the newest template, 2 of them 30 seconds before.)",
  );
  await advance(600_000);
  const held = await call("kubectl_rollout_status", target);
  expect(held.text).toContain("2 of 3");
  expect(held.text).toContain("It is paused: nothing moves until somebody resumes it.");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { paused: false } });
  expect(back.text).toContain("3 of 3 ready");
});

test("a person's no changes nothing", async () => {
  const { call } = await connect({ answer: no });
  expect((await call(tool, ask)).value).toMatchObject({ status: "declined" });
});

test("without the right, or of what Argo CD applies, it is refused", async () => {
  const poor = await connect({ answer: yes, world: powerless });
  expect((await poor.call(tool, ask)).text).toMatch(/^access_denied: /);
  const owned = await connect({ answer: yes, world: marked("deployments", byArgo) });
  expect((await owned.call(tool, ask)).text).toMatch(/^refused: Argo CD/);
});

test.each([
  ["a resumed rollout", { paused: false }, "no_change"],
  ["a paused one", { name: "ledger-archive" }, "no_change"],
  ["no word on which", { paused: undefined }, "paused: is missing"],
  ["an unknown deployment", { name: "customer-elt" }, "customer-etl"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call(tool, { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
