import { expect, test } from "vitest";
import { approve } from "../../support/approve.ts";
import { connect } from "../../support/connect.ts";
import { byArgo, marked, powerless, rival } from "../../support/refusals.ts";

const tool = "kubectl_set_image";
const image = "registry.example.com/data/customer-etl:v2.3.0";
const ask = { name: "customer-etl", namespace: "data", image };
const yes = () => ({
  action: "accept" as const,
  content: { approve: true, target: "customer-etl" },
});
const no = () => ({ action: "decline" as const });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows both images, and what Helm will make of it", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call(tool, ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Set the image of container customer-etl of deployment/customer-etl in namespace data.
    Action ACT-1.

    Target: Deployment data/customer-etl in cluster sandbox. Risk: high. Reversible: yes.
    Impact: Replaces the 3 pods of deployment/customer-etl, step by step. In front: service/customer-etl (all of its 3 ready pods).
    Warning: Helm release customer-etl installed it and will not know of this: its next upgrade or rollback sets its own again.
    \`\`\`diff
    Deployment customer-etl
      spec.template.spec.containers[customer-etl].image: registry.example.com/data/customer-etl:v2.3.1 → registry.example.com/data/customer-etl:v2.3.0
    \`\`\`
    Way back: undo_action, which calls kubectl_set_image with name "customer-etl", image "registry.example.com/data/customer-etl:v2.3.1", container "customer-etl", namespace "data", resource_type "deployment"
    By hand: kubectl set image deployment/customer-etl customer-etl=registry.example.com/data/customer-etl:v2.3.0 --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an image that ran before is rolled out and verified, and the way back names the other", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call(tool, ask);
  expect(value, text).toMatchObject({
    status: "applied",
    result: { to: image },
    verification: { outcome: "passed" },
  });
  const history = await call("kubectl_rollout_history", {
    name: "customer-etl",
    namespace: "data",
    limit: 2,
  });
  expect(history.text).toContain(`.image: ${image.replace("2.3.0", "2.3.1")} → ${image}`);
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { from: image } });
});

test("an image that the registry lacks fails the verification; old pods go on serving", async () => {
  const { call } = await connect({ answer: yes });
  const missing = image.replace("v2.3.0", "v2.3.00");
  const { value, text } = await call(tool, { ...ask, image: missing });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain("ImagePullBackOff");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
});

test("a person's no changes nothing", async () => {
  const { call } = await connect({ answer: no });
  expect((await call(tool, ask)).value).toMatchObject({ status: "declined" });
});

test("an approval is void once somebody else has set another image", async () => {
  const server = await connect();
  const { value } = await server.call(tool, ask);
  await approve(server, value.code);
  const other = await connect(rival(server.house));
  await other.call(tool, { ...ask, image: image.replace("2.3.0", "2.2.2") });
  await server.advance(120_000);
  const late = await server.call(tool, { ...ask, approval_code: value.code });
  expect(late.text).toContain("The target changed after the plan was made");
});

test("a right that is missing is named; an owner is refused; a pause is resumed first", async () => {
  const poor = await connect({ answer: yes, world: powerless });
  expect((await poor.call(tool, ask)).text).toMatch(/^access_denied: /);
  const owned = await connect({ answer: yes, world: marked("deployments", byArgo) });
  expect((await owned.call(tool, ask)).text).toMatch(/^refused: Argo CD Application shop/);
  const { call } = await connect({ answer: yes });
  const paused = await call(tool, { ...ask, name: "ledger-archive" });
  expect(paused.text).toContain("kubectl_rollout_pause with paused false resumes it");
});

test.each([
  ["latest", `${image.split(":")[0]}:latest`, "The tag latest moves"],
  ["no tag", image.split(":")[0], "The tag latest moves"],
  ["another repository", "registry.example.com/data/other:v1", "of another repository"],
  [
    "a digest",
    `${image.split(":")[0]}@sha256:${"a".repeat(64)}`,
    "for the architecture of the nodes too",
  ],
])("%s is warned of", async (_what, given, said) => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call(tool, { ...ask, image: given });
  expect(text).toContain(said);
});

test.each([
  ["the image that it has", { image: image.replace("2.3.0", "2.3.1") }, "no_change"],
  ["no image", { image: "Not An Image" }, "invalid_input"],
  ["an option", { image: "--server=evil" }, "invalid_input"],
  ["an empty image", { image: "" }, "invalid_input"],
  ["an unknown container", { container: "etl" }, "Name one in `container`: customer-etl."],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call(tool, { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
