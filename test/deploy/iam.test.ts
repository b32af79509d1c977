import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { awsPermissions, iamPolicy } from "#adapters/aws/permissions.ts";

const file: unknown = JSON.parse(readFileSync("deploy/iam-policy.json", "utf8"));

test("deploy/iam-policy.json grants what the adapters declare and nothing else", () => {
  expect(file).toEqual(iamPolicy());
  const granted = iamPolicy().Statement.flatMap(({ Action }) => Action);
  expect(granted.toSorted()).toEqual([...awsPermissions].sort());
});

test("it lets nothing be changed, and names every action in full", () => {
  for (const action of awsPermissions)
    expect(action).toMatch(/^[a-z]+:(Describe|Filter|Get|List)\w+$/);
});

test("log events alone are granted by log group, so that they can be narrowed", () => {
  const narrow = iamPolicy().Statement.filter(({ Resource }) => Resource !== "*");
  expect(narrow).toEqual([
    {
      Sid: "ReadLogEvents",
      Effect: "Allow",
      Action: ["logs:FilterLogEvents"],
      Resource: "arn:aws:logs:*:*:log-group:*",
    },
  ]);
});
