import { expect, test } from "vitest";
import { checkFault } from "#domain/runbooks/checks.ts";

const names = new Set(["failure_rate_percent", "open_connections", "rollout", "is_leak", "rate"]);

test.each([
  "failure_rate_percent < 10",
  "failure_rate_percent < 10.5 && open_connections >= 3",
  'rollout == "done" || is_leak',
  "rollout in ['done', 'progressing']",
  "!(is_leak == true)",
  "open_connections > failure_rate_percent",
])("%s is sound", (check) => {
  expect(checkFault(check, names)).toBeUndefined();
});

test.each([
  ["failure_rate_percent < 10%", "% is no unit here"],
  ["failure_rate < 10", "nothing before it names failure_rate"],
  ["rate < 10", "rate does not say its unit"],
  ["10 > rate", "rate does not say its unit"],
  ["(failure_rate_percent < 10", "( is not closed"],
  ["failure_rate_percent < 10)", ") closes nothing"],
  ["failure_rate_percent <", "it ends with <"],
  ["rollout.matches('a')", "nothing before it names matches"],
  ["rollout == `done`", "it cannot be read from"],
  ["   ", "it is empty"],
])("%s is refused: %s", (check, fault) => {
  expect(checkFault(check, names)).toContain(fault);
});
