import { expect, test } from "vitest";
import { connect } from "../../support/connect.ts";

test("an alarm's name finds its runbook and says why", async () => {
  const { call } = await connect();
  const { text, value } = await call("find_runbook", { alarm_name: "customer-etl-failure-rate" });
  expect(text).toMatchInlineSnapshot(`
    "1 runbook of 8 found, best first.
    - pipeline-failure-rate: Pipeline failure rate is high (risk high)
      Because alarm_name is like *failure-rate*; alarm_name is like *etl*.
      Runs of a data pipeline fail more often than its alarm allows, and whatever waits for its output is blocked. Find out first whether code, data, a dependency or capacity changed: the first is rolled back, the others are mended where they are, and failed runs are run again only after that.
    Next: get_runbook with slug pipeline-failure-rate."
  `);
  expect(value).toMatchObject({
    matches: [{ slug: "pipeline-failure-rate" }],
    searched: 8,
    broken: [],
  });
});

test("a log line and words together bring the nearer one first, three at most", async () => {
  const { call } = await connect();
  const { value } = await call("find_runbook", {
    query: "failures after release, connections, pods, database",
    log_line: "ERROR timed out waiting for a connection from the pool",
  });
  expect(value).toMatchObject({ matches: [{ slug: "connection-pool-exhaustion" }, {}, {}] });
});

test("nothing asked, or nothing found, lists all", async () => {
  const { call } = await connect();
  for (const args of [{}, { query: "zzzzzz" }]) {
    const { text, value } = await call("find_runbook", args);
    expect(value).toMatchObject({ matches: [], searched: 8 });
    expect(text).toMatch(
      /^No runbook was singled out; there are 8:\n- connection-pool-exhaustion: /,
    );
  }
});

test.each([
  ["an unknown argument", { name: "x" }, "Valid arguments: query, alarm_name, reason, log_line."],
  ["an empty text", { query: "" }, "Valid arguments"],
  ["a text of 10 kB", { log_line: "x".repeat(10_000) }, "log_line: "],
])("%s is refused", async (_, args, hint) => {
  const { call } = await connect();
  const { text, failed } = await call("find_runbook", args);
  expect(failed).toBe(true);
  expect(text).toMatch(/^invalid_input: /);
  expect(text).toContain(hint);
});
