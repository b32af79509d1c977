import { expect, test } from "vitest";
import { sandboxOnFirstUse, scenarioNames } from "#sandbox/outline.ts";
import { openSandbox } from "./open.ts";

test("the outline offers what the world has", async () => {
  for (const scenario of scenarioNames) {
    const { world } = await openSandbox({ scenario });
    const outline = sandboxOnFirstUse(() => Promise.resolve(world));
    expect(outline.clusters?.names).toEqual(world.clusters?.names);
    expect(outline.clusters?.offers).toEqual(world.clusters?.offers);
    expect(outline.regions?.names).toEqual(world.regions?.names);
    expect(outline.regions?.offers).toEqual(world.regions?.offers);
  }
});

test("the world is made at the first refresh, once, and again after a failure", async () => {
  const { world } = await openSandbox({ scenario: "quiet-night" });
  let made = 0;
  const outline = sandboxOnFirstUse(async () => {
    made += 1;
    if (made === 1) throw new Error("the disk is full");
    return world;
  });
  expect(made).toBe(0);
  await expect(outline.refresh?.()).rejects.toThrow("the disk is full");
  await Promise.all([outline.refresh?.(), outline.clusters?.open("sandbox")]);
  expect(made).toBe(2);
  expect(outline.clock.now()).toEqual(world.clock.now());
});
