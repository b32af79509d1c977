import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanJson, cleanText } from "#domain/text/redact.ts";

test.each([
  ["AWS key AKIAABCDEFGHIJKLMNOP used", "AWS key [redacted] used"],
  ["postgres://etl:hunter2@db:5432/x", "postgres://etl:[redacted]@db:5432/x"],
  ["cut within it: postgres://etl:hunt…", "cut within it: postgres://etl:[redacted]…"],
  ["Authorization: Bearer abcdefghijklmnopqrst", "Authorization: Bearer [redacted]"],
  [String.raw`password=C:\keys and more`, "password=[redacted] and more"],
  ["DB_PASSWORD=hunter2 and more", "DB_PASSWORD=[redacted] and more"],
  ['{"api_key":"0123456789abcdef"}', '{"api_key":"[redacted]"}'],
  ['{"pool_password":"correct horse","n":1}', '{"pool_password":"[redacted]","n":1}'],
  ["password = 'it is, long'", "password = '[redacted]'"],
  ['{"password":"a\\"b c"}', '{"password":"[redacted]"}'],
  [String.raw`{\"password\":\"a b\",\"n\":1}`, String.raw`{\"password\":\"[redacted]\",\"n\":1}`],
  [String.raw`{\"api_key\":\"0123abcdef\"}`, String.raw`{\"api_key\":\"[redacted]\"}`],
  [
    String.raw`\"Authorization\":\"Basic dXNlcjpwYXNz\"`,
    String.raw`\"Authorization\":\"Basic [redacted]\"`,
  ],
  ["token ghp_0123456789abcdefghijABCDEFGHIJ", "token [redacted]"],
  ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "[redacted]"],
])("masks %j", (text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

test.each([
  "max_tokens: 200",
  "token_ttl: 3600",
  "connection pool exhausted (50/50)",
  "secretName: customer-etl-db",
  "2026-04-25T14:22:33Z sha256:0123456789abcdef0123456789abcdef",
  "password reset requested",
  "http://legacy-db:5432/x and more…",
])("leaves %j alone", (text) => {
  expect(cleanText(text)).toBe(text);
});

test("masks by the name of a field, of an environment variable and inside lists", () => {
  expect(
    cleanJson({
      env: [
        { name: "DB_PASSWORD", value: "x" },
        { name: "POOL", value: "50" },
      ],
      values: { smtp: { password: 12345, user: "a" } },
      secret_name: "db",
    }),
  ).toEqual({
    env: [
      { name: "DB_PASSWORD", value: "[redacted]" },
      { name: "POOL", value: "50" },
    ],
    values: { smtp: { password: "[redacted]", user: "a" } },
    secret_name: "db",
  });
});

test("strips characters that deceive a terminal or a reader", () => {
  expect(cleanText("a\u001b[31mb\u202ec\u200bd\u0007e\tf\ng")).toBe("abcde\tf\ng");
});

test("mends half of a Unicode pair", () => {
  expect(cleanText("cut \ud83d")).toBe("cut \ufffd");
});

test("cleaning twice is cleaning once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
    }),
  );
});

test("long hostile text takes no long time", () => {
  const hostile = "password".repeat(2000) + "://".repeat(2000) + "a:".repeat(20_000);
  expect(cleanText(hostile).length).toBeGreaterThan(0);
});
