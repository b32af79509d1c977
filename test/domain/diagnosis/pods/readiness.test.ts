import { expect, test } from "vitest";
import { ago, container, event } from "../../../support/objects.ts";
import { toldOf } from "./examined.ts";

const ready = { httpGet: { path: "/ready", port: 8080 } };

function unready(
  answer: string,
  parts: { minutes?: number; ports?: readonly number[]; lines?: readonly string[] } = {},
) {
  const { minutes = 60, ports = [8080], lines = [] } = parts;
  const app = {
    name: "app",
    image: "etl:1",
    ports: ports.map((containerPort) => ({ containerPort })),
    readinessProbe: ready,
  };
  const state = { running: { startedAt: ago(minutes) } };
  const pod = {
    spec: { containers: [app] },
    containers: [container(state, { ready: false, started: true })],
  };
  const message = `Readiness probe failed: ${answer}`;
  return toldOf(pod, [event("Pod/web-2-a", "Unhealthy", { message, count: 30 })], { lines });
}

const REFUSED =
  'Get "http://10.0.0.9:8080/ready": dial tcp 10.0.0.9:8080: connect: connection refused';

test("a path that is not there", () => {
  expect(unready("HTTP probe failed with statuscode: 404")).toEqual([
    'readiness_path (certain): Container app runs and is not ready: its readiness probe asks for "/ready" and is answered 404.',
  ]);
});

test("a port that nobody listens on", () => {
  expect(unready(REFUSED, { ports: [9090] })).toEqual([
    "readiness_port (certain): Container app runs and is not ready: its readiness probe asks port 8080 and nobody listens there; the container declares 9090.",
  ]);
  expect(unready(REFUSED, { lines: ["listening on :9090"] })).toEqual([
    "readiness_port (certain): Container app runs and is not ready: its readiness probe asks port 8080 and nobody listens there; it says that it listens on 9090.",
  ]);
  expect(unready(REFUSED)).toEqual([
    "readiness_port (likely): Container app runs and is not ready: its readiness probe asks port 8080 and nobody listens there.",
  ]);
});

test("a container that has only just started", () => {
  expect(unready(REFUSED, { minutes: 2 })).toEqual([
    "slow_start (likely): Container app runs and is not ready: its readiness probe gets no good answer 2m after the start (the probe allows 30s).",
  ]);
});

test("something behind that fails", () => {
  expect(unready("HTTP probe failed with statuscode: 503")).toEqual([
    "readiness_dependency (likely): Container app runs and is not ready: its readiness probe is answered 503; something that it checks or waits for may have failed.",
  ]);
  expect(
    unready("context deadline exceeded (Client.Timeout exceeded while awaiting headers)")[0],
  ).toMatch(/^readiness_dependency \(likely\): .* gets no answer in time/);
  expect(unready("")[0]).toMatch(/^readiness_dependency \(possible\): .* fails without a word/);
});
