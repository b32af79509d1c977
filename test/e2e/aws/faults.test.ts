import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { trailing } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { RegionPorts } from "#ports/index.ts";
import { failure } from "../../ports/contract.ts";
import type { AwsBackend, AwsFault } from "../backends/aws/backend.ts";
import { openRegion, portsOf } from "./region.ts";

const region = "us-west-2";
const { signal } = new AbortController();

let ports: RegionPorts;
let backend: AwsBackend;

beforeEach(async () => {
  const opened = await openRegion(region);
  ports = opened;
  backend = opened.backend;
  await backend.forgetCalls(region);
});

afterEach(() => backend.clearFaults(region));

const disturb = (fault: AwsFault) => backend.addFaults([{ region, ...fault }]);
const list = (using = signal) => ports.alarms.list({}, using);
const describeAlarms = "cloudwatch:DescribeAlarms";

test("two throttled attempts are followed by one that works", async () => {
  await disturb({ action: describeAlarms, code: "ThrottlingException", times: 2 });
  expect(await list()).toEqual([]);
  expect(await backend.calls(region)).toEqual({ [describeAlarms]: 3 });
});

test("throttling without end is told as such after four attempts", async () => {
  await disturb({ action: describeAlarms, code: "Throttling", message: "Rate exceeded" });
  await expect(list()).rejects.toMatchObject(failure("throttled"));
  expect(await backend.calls(region)).toEqual({ [describeAlarms]: 4 });
});

test.each([
  [describeAlarms, "AccessDenied", 403, () => list()],
  ["cloudwatch:GetMetricStatistics", "AccessDenied", 403, () => statistics()],
  ["logs:FilterLogEvents", "AccessDeniedException", 400, () => lines()],
])("a denied %s names what to allow, and is tried once", async (action, code, status, read) => {
  await disturb({ action, code, status, message: "User is not authorized" });
  await expect(read()).rejects.toMatchObject({
    ...failure("access_denied"),
    hint: expect.stringContaining(`Allow ${action}`),
  });
  expect(await backend.calls(region)).toEqual({ [action]: 1 });
});

test("expired credentials are told with the way to renew them", async () => {
  const message = "The security token included in the request is expired";
  await disturb({ action: describeAlarms, code: "ExpiredToken", status: 403, message });
  await expect(list()).rejects.toMatchObject({
    ...failure("unauthenticated"),
    message: expect.stringContaining("expired"),
    hint: expect.stringContaining("aws sso login"),
  });
});

test("no credentials at all are told as such", async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
    vi.stubEnv(name, "/dev/null");
  const { alarms } = await portsOf(region);
  await expect(alarms.list({}, signal)).rejects.toMatchObject(failure("unauthenticated"));
});

test("an endpoint that nobody serves is unreachable", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  const { logs } = await portsOf(region);
  await expect(logs.groups({ limit: 1 }, signal)).rejects.toMatchObject({
    ...failure("unreachable"),
    hint: expect.stringContaining("AWS_ENDPOINT_URL"),
  });
});

test("a fault of the service that passes is not seen; one that stays is", async () => {
  await disturb({ action: describeAlarms, code: "InternalServiceFault", status: 500, times: 1 });
  expect(await list()).toEqual([]);
  await disturb({ action: describeAlarms, code: "InternalServiceFault", status: 500 });
  await expect(list()).rejects.toMatchObject(failure("backend_error"));
});

test("a slow answer ends at the caller's deadline, with the caller's reason", async () => {
  await disturb({ action: describeAlarms, delay_ms: 1500 });
  await expect(list(AbortSignal.timeout(200))).rejects.toMatchObject(failure("timed_out"));
  const own = new OpsError("timed_out", "The 45 s of this call are over.", "Ask for less.");
  const caller = new AbortController();
  const answer = list(caller.signal);
  caller.abort(own);
  await expect(answer).rejects.toBe(own);
});

test("a caller who cancels is not kept waiting", async () => {
  await disturb({ action: "logs:FilterLogEvents", delay_ms: 1500 });
  const caller = new AbortController();
  const answer = lines(caller.signal);
  caller.abort();
  await expect(answer).rejects.toMatchObject(failure("cancelled"));
});

test("a bad pattern comes back with what CloudWatch says of it", async () => {
  const message = "Invalid filter pattern";
  await disturb({ action: "logs:FilterLogEvents", code: "InvalidParameterException", message });
  await expect(lines()).rejects.toMatchObject({
    ...failure("invalid_input"),
    message: "AWS refuses the request: Invalid filter pattern",
    hint: expect.stringContaining("Filter patterns are terms"),
  });
});

test("a bad name of a group is not taken for a bad pattern", async () => {
  const message = "Value 'a b' at 'logGroupName' failed to satisfy constraint";
  await disturb({ action: "logs:FilterLogEvents", code: "InvalidParameterException", message });
  await expect(lines()).rejects.toMatchObject({
    ...failure("invalid_input"),
    hint: "Correct the argument that it names and call again.",
  });
});

function statistics() {
  const metric = { namespace: "Shop", name: "Errors", dimensions: {} };
  const query = { ...metric, statistics: ["Sum"], window: trailing(new Date(), 5) };
  return ports.metrics.statistics({ ...query, periodSeconds: 60 }, signal);
}

function lines(using = signal) {
  const window = trailing(new Date(), 5);
  return ports.logs.filter({ group: "/shop", pattern: "(", window, limit: 5 }, using);
}
