import { expect, test } from "vitest";
import { checkRegions, openRegions } from "#adapters/live-regions.ts";

test("without a region nothing is offered, and doctor says what to set", async () => {
  expect(await openRegions({ regions: [], env: {} })).toBeUndefined();
  const checks = await checkRegions({ regions: [], env: {} }, new AbortController().signal);
  expect(checks).toMatchObject([
    { status: "not configured", fix: expect.stringContaining("AWS_REGION") },
  ]);
});

test("the region comes from --regions, else from either variable", async () => {
  const env = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" };
  expect(await openRegions({ regions: [], env })).toMatchObject({ names: ["eu-west-1"] });
  expect(
    await openRegions({ regions: [], env: { AWS_DEFAULT_REGION: "us-east-1" } }),
  ).toMatchObject({
    names: ["us-east-1"],
  });
  const several = await openRegions({ regions: ["us-gov-west-1", "cn-north-1"], env });
  expect(several).toMatchObject({
    names: ["us-gov-west-1", "cn-north-1"],
    offers: ["alarms", "metrics", "logs"],
  });
});

test.each(["eu-west", "*", "eu-west-1.evil.example", "--profile", "eu west 1"])(
  "%j is refused as a region",
  async (region) => {
    await expect(openRegions({ regions: [region], env: {} })).rejects.toMatchObject({
      code: "invalid_input",
    });
  },
);

test("a region that is not configured is not opened", async () => {
  const places = await openRegions({ regions: ["eu-west-1"], env: {} });
  await expect(places?.open("us-east-1")).rejects.toMatchObject({ code: "not_allowed" });
});

test.each([
  ["eu-west-1", "https://eu-west-1.console.aws.amazon.com/"],
  ["cn-north-1", "https://console.amazonaws.cn/"],
  ["us-gov-west-1", "https://console.amazonaws-us-gov.com/"],
])("the console of %s is at %s", async (region, console) => {
  const places = await openRegions({ regions: [region], env: {} });
  const { alarms } = (await places?.open(region)) ?? {};
  expect(alarms?.consoleUrl("a b/c")).toBe(
    `${console}cloudwatch/home?region=${region}#alarmsV2:alarm/a%20b%2Fc`,
  );
});
