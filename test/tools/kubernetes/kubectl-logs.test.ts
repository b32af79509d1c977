import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { connect } from "../../support/connect.ts";

const etl = { name: "customer-etl", namespace: "data" };

describe("kubectl_logs", () => {
  it("reads all pods of a workload, and says what its log cannot tell", async () => {
    const { call } = await connect({ scenario: "checkout-memory" });
    const { text, failed } = await call("kubectl_logs", { name: "checkout", namespace: "shop" });
    expect(failed).toBe(false);
    expect(text).toMatchInlineSnapshot(`
      "The deployment checkout in namespace shop: 15 lines read, 15 entries: 15 info.

      - 686zc: checkout-f5627b5bbd-686zc/checkout (CrashLoopBackOff, 5 restarts, last exit 137 OOMKilled) 4 lines
      - f57kd: checkout-f5627b5bbd-f57kd/checkout (CrashLoopBackOff, 5 restarts, last exit 137 OOMKilled) 3 lines
      - vzmj6: checkout-f5627b5bbd-vzmj6/checkout (CrashLoopBackOff, 5 restarts, last exit 137 OOMKilled) 4 lines
      - wjf8t: checkout-f5627b5bbd-wjf8t/checkout (CrashLoopBackOff, 5 restarts, last exit 137 OOMKilled) 4 lines

      Oldest first:
      <untrusted source="container logs">
      2026-04-25T14:16:32Z [vzmj6] INFO checkout v4.12.0 starting
      2026-04-25T14:16:44Z [vzmj6] INFO listening on port 8080
      2026-04-25T14:16:56Z [f57kd] INFO checkout v4.12.0 starting
      2026-04-25T14:17:07Z [f57kd] INFO listening on port 8080
      2026-04-25T14:17:11Z [vzmj6] INFO address checked in 181 ms
      2026-04-25T14:17:13Z [wjf8t] INFO checkout v4.12.0 starting
      2026-04-25T14:17:18Z [686zc] INFO checkout v4.12.0 starting
      2026-04-25T14:17:24Z [wjf8t] INFO listening on port 8080
      2026-04-25T14:17:30Z [686zc] INFO listening on port 8080
      2026-04-25T14:17:38Z [vzmj6] INFO address checked in 501 ms
      2026-04-25T14:18:03Z [f57kd] INFO payment authorised in 853 ms
      2026-04-25T14:18:04Z [wjf8t] INFO payment authorised in 588 ms
      2026-04-25T14:18:14Z [686zc] INFO order accepted in 763 ms
      2026-04-25T14:18:26Z [wjf8t] INFO order accepted in 807 ms
      2026-04-25T14:18:35Z [686zc] INFO order accepted in 285 ms
      </untrusted>

      Next: OOMKilled ends a program from outside: its log need not tell."
    `);
  });

  it("sorts what is too much to show by kind, the gravest first", async () => {
    const { call } = await connect();
    const { text, value } = await call("kubectl_logs", {
      ...etl,
      grep: "rejected|Deadlock",
      limit: 2,
    });
    expect(value.patterns_left_out).toBe(0);
    expect(text).toMatchInlineSnapshot(`
      "The deployment customer-etl in namespace data: 1147 lines read, 30 entries match "rejected|Deadlock": 30 error.

      - plx4k: customer-etl-46f57gb274-plx4k/customer-etl (running) 397 lines, 9 matched
      - t5l7t: customer-etl-46f57gb274-t5l7t/customer-etl (running) 369 lines, 12 matched
      - wzzn6: customer-etl-46f57gb274-wzzn6/customer-etl (running) 381 lines, 9 matched

      Kinds of entries, the gravest first:
      <untrusted source="log patterns">
      9× error (2026-04-25T14:07:09Z to 2026-04-25T14:21:48Z, 3 containers) ERROR task=merge_customers run=<id> Source row rejected: postal_code is null (<n> rows)
          newest: ERROR task=merge_customers run=8f685890 Source row rejected: postal_code is null (93 rows)
      7× error (2026-04-25T14:08:57Z to 2026-04-25T14:22:14Z, 3 containers) ERROR task=load_contacts run=<id> Source row rejected: postal_code is null (<n> rows)
          newest: ERROR task=load_contacts run=0e4ebb27 Source row rejected: postal_code is null (178 rows)
      6× error (2026-04-25T14:07:43Z to 2026-04-25T14:21:45Z, 3 containers) ERROR task=load_accounts run=<id> Source row rejected: postal_code is null (<n> rows)
          newest: ERROR task=load_accounts run=5a7e9773 Source row rejected: postal_code is null (297 rows)
      3× error (2026-04-25T14:18:12Z to 2026-04-25T14:22:27Z, 2 containers) ERROR task=load_addresses run=<id> Source row rejected: postal_code is null (<n> rows)
          newest: ERROR task=load_addresses run=757a3eaf Source row rejected: postal_code is null (171 rows)
      3× error (2026-04-25T14:08:12Z to 2026-04-25T14:20:04Z, 3 containers) ERROR task=load_addresses run=<id> Deadlock detected, given up after <n> attempts
          newest: ERROR task=load_addresses run=a6d40092 Deadlock detected, given up after 3 attempts
      2× error (2026-04-25T14:10:06Z to 2026-04-25T14:16:16Z, 2 containers) ERROR task=load_contacts run=<id> Deadlock detected, given up after <n> attempts
          newest: ERROR task=load_contacts run=2df9a856 Deadlock detected, given up after 3 attempts
      </untrusted>

      The newest 2, oldest first:
      <untrusted source="container logs">
      2026-04-25T14:22:14Z [t5l7t] ERROR task=load_contacts run=0e4ebb27 Source row rejected: postal_code is null (178 rows)
      2026-04-25T14:22:27Z [plx4k] ERROR task=load_addresses run=757a3eaf Source row rejected: postal_code is null (171 rows)
      </untrusted>

      Next: 28 more entries not shown: narrow with grep, exclude or since, or raise limit."
    `);
  });

  it("tells about as many lines of a pod as its log group does", async () => {
    const { call } = await connect();
    const since = "now-5m";
    const pods = await call("kubectl_logs", { ...etl, since, grep: "ERROR", tail: 5_000 });
    const group = { log_group: "/data/customer-etl", start_time: since, max_events: 500 };
    const { value } = await call("fetch_log_events", group);
    expect(pods.value.matched).toBeGreaterThan(100);
    expect(value.found).toBe(pods.value.matched);
  });

  it.each([
    ["customer-etl", { name: "customer-etl", namespace: "data" }],
    ["checkout-memory", { name: "catalogue", namespace: "shop" }],
    ["quiet-night", { name: "uploads-api", namespace: "media" }],
  ])("answers of %s stay within 2,000 tokens", async (scenario, args) => {
    const { call } = await connect({ scenario });
    const { text, value, failed } = await call("kubectl_logs", args);
    expect(failed).toBe(false);
    expect(encode(text).length).toBeLessThan(2_000);
    expect(encode(JSON.stringify(value)).length).toBeLessThan(2_000);
  });

  it("takes a kind, by any of its names", async () => {
    const { call } = await connect();
    for (const resource_type of ["deploy", "deployments", "Deployment"]) {
      const { value } = await call("kubectl_logs", { ...etl, resource_type, tail: 5 });
      expect(value).toMatchObject({ target: "deployment customer-etl", read: 15 });
    }
    const pod = await call("kubectl_logs", { ...etl, resource_type: "pod" });
    expect(pod.text).toMatch(/^not_found: There is no pod customer-etl in namespace data\.\nClose/);
    const service = await call("kubectl_logs", { ...etl, resource_type: "svc" });
    expect(service.text).toMatch(/^invalid_input: A service has no logs of its own\.\nName a pod/);
  });

  it("says when older lines were left, and reads the newest", async () => {
    const { call } = await connect();
    const { value, text } = await call("kubectl_logs", { ...etl, tail: 3 });
    expect(value).toMatchObject({ read: 9, matched: 9, lines_left_out: 0 });
    expect(text).toContain("3 lines. Older lines left (tail).");
    expect(text).toContain("Next: Raise tail, or set grep, to reach older lines.");
  });

  it("says why it is empty", async () => {
    const { call } = await connect();
    const previous = await call("kubectl_logs", { ...etl, previous: true });
    expect(previous.text).toContain("0 lines. No earlier run: it has not been restarted.");
    const none = await call("kubectl_logs", { ...etl, grep: "error" });
    expect(none.text).toMatch(
      /0 entries match "error"[\s\S]*None of the \d+ lines read matches. Case counts/,
    );
    const young = await call("kubectl_logs", { ...etl, since: "now-1s", exclude: "." });
    expect(young.failed).toBe(false);
  });

  it("names the containers there are when one is not", async () => {
    const { call } = await connect();
    const { text } = await call("kubectl_logs", { ...etl, container: "customer-elt" });
    expect(text).toBe(
      "not_found: The deployment customer-etl has no container customer-elt.\nClose: customer-etl. There are: customer-etl.",
    );
  });

  it.each([
    ["a bad expression", { grep: "a(b" }, /missing closing \) at character 1/],
    ["a bad exclusion", { exclude: "*" }, /exclude is no RE2 expression/],
    ["no lines", { tail: 0 }, /tail/],
    ["more lines than it may", { tail: 5_001 }, /tail/],
    ["a time that is none", { since: "yesterday" }, /since/],
    ["a time to come", { since: "2036-01-01" }, /since is not before now/],
    ["a path for a name", { name: "a/../b" }, /name/],
    ["an option for a name", { name: "--all-containers" }, /name/],
    ["an unknown kind", { resource_type: "gizmo" }, /gizmo/],
    ["a container that is no name", { container: "a b" }, /container/],
    ["an unknown argument", { follow: true }, /Valid arguments: name, resource_type/],
  ])("refuses %s", async (_, args, message) => {
    const { call } = await connect();
    const { text, failed } = await call("kubectl_logs", { ...etl, ...args });
    expect(failed).toBe(true);
    expect(text).toMatch(/^(invalid_input|not_found): /);
    expect(text).toMatch(message);
  });

  it("reads allowed namespaces only", async () => {
    const { call } = await connect({ settings: { namespaces: ["shop"] } });
    const { text } = await call("kubectl_logs", etl);
    expect(text).toMatch(/^not_allowed: Namespace data is outside --namespaces\./);
  });
});
