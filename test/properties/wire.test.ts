import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isObject } from "#domain/json.ts";
import { errorCodes } from "#errors.ts";
import { connect } from "../support/connect.ts";
import { liveNames } from "../support/live-names.ts";
import { naturalChanges, naturalReads } from "../support/natural-calls.ts";
import { argumentSets } from "./arguments.ts";

const SETS = 300;

/** The client throws on an error of the protocol, and on a structure that does not fit the listed schema. */
test.each(["modern", "legacy"] as const)(
  "no arguments break the protocol (%s)",
  { timeout: 120_000 },
  async (era) => {
    const { call, listTools, house } = await connect({ era, mode: "dry-run" });
    const names = await liveNames(house.world);
    const natural = [...naturalReads(names, []), ...naturalChanges(names)];
    const sets = argumentSets(await listTools(), natural);
    await fc.assert(
      fc.asyncProperty(sets, async ({ tool, args }) => {
        fc.pre(isObject(args));
        const { text, failed } = await call(tool, { ...args });
        const [code = ""] = text.split(":");
        if (failed) expect(Object.keys(errorCodes)).toContain(code);
        if (failed) expect(code).not.toBe("internal");
      }),
      { numRuns: SETS, seed: 11 },
    );
  },
);
