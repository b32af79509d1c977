import { describe, expect, it } from "vitest";
import { connect } from "../../support/connect.ts";

const log_group = "/data/customer-etl";

interface Event {
  readonly at: string;
  readonly message: string;
}

function eventsOf(value: Record<string, unknown>): readonly Event[] {
  return Array.isArray(value.events) ? value.events : [];
}

describe("fetch_log_events", () => {
  it("shows matching lines, newest first, and counts what repeats", async () => {
    const { call } = await connect();
    const { text, failed } = await call("fetch_log_events", { log_group });
    expect(failed).toBe(false);
    expect(text).toMatchInlineSnapshot(`
      "At least 50 lines of /data/customer-etl match "ERROR" from 2026-04-25T14:07:33Z to 2026-04-25T14:22:33Z.

      Lines that repeat:
      <untrusted source="log templates">
      13× <time> ERROR task=load_accounts run=<id> Connection timeout to legacy database after <n> ms (pool: <n>/<n> in use, <n> waiting) (2026-04-25T14:22:06Z to 2026-04-25T14:22:32Z)
      13× <time> ERROR task=load_addresses run=<id> Connection timeout to legacy database after <n> ms (pool: <n>/<n> in use, <n> waiting) (2026-04-25T14:22:00Z to 2026-04-25T14:22:26Z)
      10× <time> ERROR task=load_contacts run=<id> Connection timeout to legacy database after <n> ms (pool: <n>/<n> in use, <n> waiting) (2026-04-25T14:22:01Z to 2026-04-25T14:22:32Z)
      10× <time> ERROR task=merge_customers run=<id> Connection timeout to legacy database after <n> ms (pool: <n>/<n> in use, <n> waiting) (2026-04-25T14:21:59Z to 2026-04-25T14:22:26Z)
      </untrusted>

      13 of them, newest first, at least one of each kind as far as they fit:
      <untrusted source="/data/customer-etl">
      2026-04-25T14:22:32.916Z [customer-etl-46f57gb274-t5l7t] 2026-04-25T14:22:32.916Z ERROR task=load_accounts run=7ea38804 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 29 waiting)
      2026-04-25T14:22:32.124Z [customer-etl-46f57gb274-t5l7t] 2026-04-25T14:22:32.124Z ERROR task=load_contacts run=e79d7450 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 57 waiting)
      2026-04-25T14:22:31.227Z [customer-etl-46f57gb274-wzzn6] 2026-04-25T14:22:31.227Z ERROR task=load_accounts run=01103939 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 42 waiting)
      2026-04-25T14:22:30.567Z [customer-etl-46f57gb274-wzzn6] 2026-04-25T14:22:30.567Z ERROR task=load_contacts run=910c4600 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 59 waiting)
      2026-04-25T14:22:29.788Z [customer-etl-46f57gb274-t5l7t] 2026-04-25T14:22:29.788Z ERROR task=load_contacts run=22bd0801 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 38 waiting)
      2026-04-25T14:22:29.176Z [customer-etl-46f57gb274-t5l7t] 2026-04-25T14:22:29.176Z ERROR task=load_addresses run=97021043 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 43 waiting)
      2026-04-25T14:22:28.513Z [customer-etl-46f57gb274-wzzn6] 2026-04-25T14:22:28.513Z ERROR task=load_accounts run=1e9d453d Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 38 waiting)
      2026-04-25T14:22:27.695Z [customer-etl-46f57gb274-plx4k] 2026-04-25T14:22:27.695Z ERROR task=load_addresses run=757a3eaf Source row rejected: postal_code is null (171 rows)
      2026-04-25T14:22:27.346Z [customer-etl-46f57gb274-wzzn6] 2026-04-25T14:22:27.346Z ERROR task=load_accounts run=aee68abd Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 26 waiting)
      2026-04-25T14:22:26.766Z [customer-etl-46f57gb274-wzzn6] 2026-04-25T14:22:26.766Z ERROR task=merge_customers run=a715ce12 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 33 waiting)
      2026-04-25T14:22:26.082Z [customer-etl-46f57gb274-t5l7t] 2026-04-25T14:22:26.082Z ERROR task=load_addresses run=c8eb1509 Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 37 waiting)
      2026-04-25T14:22:25.026Z [customer-etl-46f57gb274-plx4k] 2026-04-25T14:22:25.026Z ERROR task=merge_customers run=b4dbef5a Connection timeout to legacy database after 30000 ms (pool: 50/50 in use, 23 waiting)
      2026-04-25T14:22:14.511Z [customer-etl-46f57gb274-t5l7t] 2026-04-25T14:22:14.511Z ERROR task=load_contacts run=0e4ebb27 Source row rejected: postal_code is null (178 rows)
      </untrusted>

      Next: 37 more lines found but not shown: narrow the window or filter_pattern. Older lines match too: set end_time to 2026-04-25T14:21:59.273Z or raise max_events."
    `);
  });

  it("keeps the newest, and says how to reach the older ones", async () => {
    const { call } = await connect();
    const five = { log_group, filter_pattern: "*", max_events: 5 };
    const first = await call("fetch_log_events", five);
    const events = eventsOf(first.value);
    expect(first.value).toMatchObject({ found: 5, complete: false, left_out: 0 });
    expect([...events].sort((a, b) => (a.at < b.at ? 1 : -1))).toEqual(events);
    expect(first.text).toContain("At least 5 lines");
    const end = /set end_time to (\S+)/.exec(first.text)?.[1];
    const older = await call("fetch_log_events", { ...five, end_time: end });
    expect(eventsOf(older.value)[0]?.at.localeCompare(events.at(-1)?.at ?? "")).toBe(-1);
  });

  it("shows more when more is asked for", async () => {
    const { call } = await connect();
    const { value: few } = await call("fetch_log_events", { log_group });
    const { value: many } = await call("fetch_log_events", { log_group, max_events: 200 });
    expect(eventsOf(many).length).toBeGreaterThan(2 * eventsOf(few).length);
  });

  it("tells a pattern that matches nothing from a silent group", async () => {
    const { call } = await connect();
    const none = await call("fetch_log_events", { log_group, filter_pattern: "NoSuchThing" });
    expect(none.failed).toBe(false);
    expect(none.text).toMatchInlineSnapshot(`
      "0 lines of /data/customer-etl match "NoSuchThing" from 2026-04-25T14:07:33Z to 2026-04-25T14:22:33Z.

      Next: The group has lines in this window, but none match. Case counts: try ?ERROR ?Error ?error, or * for every line."
    `);
    const silent = await call("fetch_log_events", {
      log_group,
      start_time: "2026-04-01T00:00:00Z",
      end_time: "2026-04-01T00:00:01Z",
    });
    expect(silent.value).toMatchObject({ found: 0, complete: true });
  });

  it("names groups like one that does not exist", async () => {
    const { call } = await connect();
    const { text, failed } = await call("fetch_log_events", { log_group: "/data/custmer-etl" });
    expect(failed).toBe(true);
    expect(text).toMatch(/^not_found: There is no log group "\/data\/custmer-etl"/);
    expect(text).toContain("Names like it: /data/customer-etl");
  });

  it.each([
    ["a group with a semicolon", { log_group: "/data/x; rm -rf" }],
    ["a group with a newline", { log_group: "/data/x\n" }],
    ["a look-alike letter", { log_group: "/data/сustomer-etl" }],
    ["an empty group", { log_group: "" }],
    ["an empty pattern", { filter_pattern: "" }],
    ["a pattern that does not parse", { filter_pattern: "{ $.a = " }],
    ["no events", { max_events: 0 }],
    ["too many events", { max_events: 501 }],
    ["a look-back of nothing", { minutes_back: -5 }],
    ["400 days", { start_time: "now-400d" }],
    ["a start in the future", { start_time: "2036-01-01" }],
  ])("refuses %s", async (_, args) => {
    const { call } = await connect();
    const { text, failed } = await call("fetch_log_events", { log_group, ...args });
    expect(failed).toBe(true);
    expect(text).toMatch(/^invalid_input: /);
  });
});
