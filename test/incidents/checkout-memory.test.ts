import { describe, it } from "vitest";
import { expectHealed } from "./healed.ts";
import { work } from "./work.ts";

const names = {
  checkout: "basket",
  catalogue: "shelf",
  storefront: "lobby",
  shop: "retail",
  "shop-public": "retail-edge",
};
const usual = { release: "checkout", namespace: "shop", to: 4, made: 6 };
const renamed = { release: "basket", namespace: "retail", to: 4, made: 6 };

describe("a service that its newest release starves of memory", () => {
  it("is healed by the walk", async () => {
    await expectHealed(await work({ scenario: "checkout-memory" }, "checkout"), usual);
  });

  it.each([2, 3, 77])("is healed under other names, with seed %i", async (seed) => {
    const options = { scenario: "checkout-memory", seed, overrides: { names } };
    await expectHealed(await work(options, "basket"), renamed);
  });

  it.each([
    ["long ago", { onsetMinutesAgo: 95 }],
    ["mild", { peak: 0.6 }],
    ["by its code", { fault: "code" }],
  ] as const)("is healed when it is %s", async (_, overrides) => {
    const options = { scenario: "checkout-memory", seed: 5, overrides: { ...overrides, names } };
    await expectHealed(await work(options, "basket"), renamed);
  });
});
