import { build } from "tsdown";

/** Builds what is released, which these tests run. */
export async function setup(): Promise<void> {
  await build({ logLevel: "silent" });
}
