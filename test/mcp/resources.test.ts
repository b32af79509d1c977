import { expect, test } from "vitest";
import { connect } from "../support/connect.ts";

test("runbooks are listed, completed and read", async () => {
  const { client } = await connect();
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain("runbook://oomkilled");
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: "runbook://{slug}" },
    argument: { name: "slug", value: "oom" },
  });
  expect(completion.values).toEqual(["oomkilled"]);
  const { contents } = await client.readResource({ uri: "runbook://oomkilled" });
  expect(contents).toEqual([
    expect.objectContaining({ text: expect.stringContaining("slug: oomkilled") }),
  ]);
});

test("a report that was written is a resource", async () => {
  const { client, call } = await connect();
  const written = await call("post_incident_report", {
    summary: "The pool ran dry.",
    severity: "P2",
  });
  const { resources } = await client.listResources();
  const report = resources.find(({ uri }) => uri.startsWith("report://"));
  expect(written.text).toContain(String(report?.name));
  const { contents } = await client.readResource({ uri: String(report?.uri) });
  expect(contents).toEqual([
    expect.objectContaining({ text: expect.stringContaining("The pool ran dry.") }),
  ]);
});

test.each(["runbook://none", "report://none", "runbook://..%2F..%2Fpackage.json"])(
  "%s is not found",
  async (uri) => {
    const { client } = await connect();
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
  },
);
