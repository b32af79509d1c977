import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { policyFile } from "#adapters/files/policy.ts";
import { decideAction } from "#domain/policy/decide.ts";
import { defaultPolicy } from "#domain/policy/policy.ts";
import { toolsets } from "#tools/index.ts";

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "firewatch-policy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "policy.yaml");
  await writeFile(path, text);
  return path;
}

const refusal = async (text: string) => {
  const path = await fileWith(text);
  return policyFile(path, true)
    .load()
    .then(
      () => "read",
      (error: Error) => error,
    );
};

test("no path, and no file where nobody named one, mean the defaults", async () => {
  await expect(policyFile(undefined, false).load()).resolves.toEqual(defaultPolicy);
  await expect(policyFile("/nowhere/policy.yaml", false).load()).resolves.toEqual(defaultPolicy);
});

test("a named file that is missing, or that is a folder, is refused", async () => {
  const unreadable = expect.objectContaining({ code: "policy_unreadable" });
  await expect(policyFile("/nowhere/policy.yaml", true).load()).rejects.toEqual(unreadable);
  await expect(policyFile(tmpdir(), false).load()).rejects.toEqual(unreadable);
});

test("an edit acts at the next read", async () => {
  const path = await fileWith("version: 1\n");
  const source = policyFile(path, true);
  expect((await source.load()).kill_switch).toBe(false);
  await writeFile(path, "version: 1\nkill_switch: true\n");
  expect((await source.load()).kill_switch).toBe(true);
});

const deep = "[".repeat(200_000);
const bomb = `a: &a [x, x, x, x, x, x, x, x]\nb: &b [${"*a,".repeat(9)}*a]\nc: &c [${"*b,".repeat(9)}*b]\nd: [${"*c,".repeat(9)}*c]\n`;

test.each([
  ["nothing", "", /expected object/],
  [
    "a wrong value",
    "version: 1\nrules:\n  - name: r\n    decision: maybe\n",
    /line 4: rules\.0\.decision/,
  ],
  ["an unknown key", "version: 1\nkil_switch: true\n", /kil_switch/],
  ["another version", "version: 2\n", /line 1: version/],
  ["a key given twice", "version: 1\nversion: 1\n", /line 2: .*unique/],
  ["bad YAML", 'version: 1\nrules: ["', /line 2: /],
  ["a tag", "version: !!js/function x\n", /line 1: .*tag/i],
  ["an alias bomb", bomb, /alias/i],
  ["endless nesting", deep, /cannot be read/],
  ["too many bytes", `version: 1\n#${"x".repeat(1_000_001)}`, /more than 1000000/],
])("%s is refused with line and cause", async (_, text, cause) => {
  const error = await refusal(text);
  expect(error).toMatchObject({ code: "policy_unreadable", message: expect.stringMatching(cause) });
});

const actions = new Map(
  toolsets
    .flatMap(({ tools }) => tools.flatMap((tool) => (tool.kind === "action" ? [tool] : [])))
    .map((tool) => [tool.name, tool]),
);

test("the example lets settings and cache go alone; rollback, traffic and data never", async () => {
  const policy = await policyFile(join(process.cwd(), "docs/policy-example.yaml"), true).load();
  const decide = (name: string, given: object) => {
    const tool = actions.get(name);
    if (!tool) throw new Error(`no action is named ${name}`);
    return decideAction(policy, {
      tool: name,
      risk: tool.risk,
      args: tool.accept({ namespace: "data", ...given }).args,
      target: { kind: "any", name: "customer-etl", namespace: "data" },
      now: new Date("2026-04-25T14:30:00Z"),
      owners: [],
      recent: { sameToolSameTarget: [], target: [], all: [] },
      isUndo: false,
    }).decision;
  };
  const pool = (max_connections: string, restart: boolean) =>
    decide("kubectl_patch_configmap", {
      name: "customer-etl-config",
      restart,
      data: { max_connections },
    });
  expect(pool("200", true)).toBe("automatic");
  expect(pool("200", false)).toBe("automatic");
  expect(pool("2000", true)).toBe("person");
  const restart = (deployment: string) => decide("kubectl_rollout_restart", { deployment });
  expect(restart("customer-etl-cache")).toBe("automatic");
  expect(restart("customer-etl")).toBe("person");
  expect(decide("helm_rollback", { release: "customer-etl" })).toBe("person");
  expect(decide("helm_scale", { release: "customer-etl", replicas: 4 })).toBe("person");
});
