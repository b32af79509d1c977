import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { approximateTokens, withinTokens } from "#domain/text/tokens.ts";

const samples = {
  "a log line":
    "2026-04-25T14:22:33.120Z ERROR pool exhausted: 50 of 50 connections in use, waited 30000 ms",
  "a row of JSON": JSON.stringify({
    at: "2026-04-25T14:22:33Z",
    stream: "customer-etl-7d9f8b6c5-x2x9z",
    message: "failed: id=7f3a91c2-5b1e-4a70-9b5e-2f1f0a2b3c4d",
  }),
  "a console link":
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/customer-etl-failure-rate",
  "a stack trace": "    at Object.<anonymous> (/srv/app/node_modules/pg-pool/index.js:45:11)",
};

describe("approximateTokens", () => {
  it.each(Object.entries(samples))("is near the tokenizer for %s", (_, text) => {
    const real = countTokens(text);
    expect(approximateTokens(text)).toBeGreaterThanOrEqual(real * 0.95);
    expect(approximateTokens(text)).toBeLessThanOrEqual(real * 1.6);
  });
});

describe("withinTokens", () => {
  it("keeps a beginning of the rows, within the budget or a single row", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(200), (rows, tokens) => {
        const kept = withinTokens(rows, tokens);
        expect(kept).toEqual(rows.slice(0, kept.length));
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(1, rows.length));
        const cost = kept.reduce((sum, row) => sum + approximateTokens(JSON.stringify(row)), 0);
        if (kept.length > 1) expect(cost).toBeLessThanOrEqual(tokens);
      }),
    );
  });
});
