import type { LogEvent } from "#domain/logs/event.ts";
import { between, hex, noise, pick } from "#sandbox/noise.ts";
import type { MetricSource, Samples } from "#sandbox/signals/source.ts";
import { family, gauge, spread } from "./metric-sources.ts";
import { instants } from "./traffic.ts";
import { responseTimes, type WebLoad, type WebMinute } from "./web.ts";

export interface LoadBalancer {
  readonly name: string;
  readonly targetGroup: string;
}

/** What an Application Load Balancer tells of one target group. */
export function balancerMetrics(
  balancer: LoadBalancer,
  load: WebLoad,
  web: (minute: number) => WebMinute,
  alive: (minute: number) => number,
): readonly MetricSource[] {
  const of = family("AWS/ApplicationELB", {
    LoadBalancer: balancer.name,
    TargetGroup: balancer.targetGroup,
  });
  const counted = (count: (one: WebMinute) => number) => (minute: number) =>
    some(count(web(minute)));
  return [
    spread(
      of("RequestCount"),
      "Count",
      counted((one) => one.requests),
    ),
    spread(
      of("HTTPCode_Target_5XX_Count"),
      "Count",
      counted((one) => one.failed),
    ),
    spread(
      of("HTTPCode_ELB_5XX_Count"),
      "Count",
      counted((one) => one.refused),
    ),
    spread(of("HealthyHostCount"), "Count", (minute) => each(web(minute).ready)),
    spread(of("UnHealthyHostCount"), "Count", (minute) =>
      each(web(minute).ready.map((ready) => Math.max(0, alive(minute) - ready))),
    ),
    spread(of("TargetResponseTime"), "Seconds", (minute) =>
      responseTimes(load, web(minute), minute),
    ),
    gauge(of("ActiveConnectionCount"), "Count", (minute) =>
      Math.round(web(minute).requests / 8 + between(0, 9, load.seed, "connections", minute)),
    ),
  ];
}

const PATHS = ["/cart", "/checkout", "/checkout/address", "/checkout/pay"] as const;

/** The gateway's log: a line for each request that failed, and one in thirty of the others. */
export function gatewayLines(
  app: string,
  load: WebLoad,
  web: (minute: number) => WebMinute,
  paths: readonly [string, ...string[]] = PATHS,
): (minute: number) => readonly LogEvent[] {
  const { seed } = load;
  return (minute) => {
    const { requests, failed, refused } = web(minute);
    const say = (sort: string, n: number, fields: (i: number) => object) =>
      instants(n, minute, seed, `${app} ${sort}`).map((at, i): LogEvent => {
        const path = pick(paths, seed, app, sort, minute, i);
        const request = hex(8, seed, app, sort, minute, i);
        const body = { time: new Date(at).toISOString(), upstream: app, path, request };
        return {
          at: new Date(at),
          stream: `gateway-${pick(["a", "b"], seed, sort, minute, i)}`,
          message: JSON.stringify({ ...body, ...fields(i) }),
        };
      });
    return [
      ...say("answered", Math.floor((requests - failed - refused) / 30), (i) => ({
        level: "info",
        status: 200,
        milliseconds: Math.round(between(40, 300, seed, "took", minute, i)),
      })),
      ...say("refused", refused, () => ({
        level: "error",
        status: 503,
        message: "no healthy upstream",
      })),
      ...say("failed", failed, (i) => failure(noise(seed, app, "failure", minute, i))),
    ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  };
}

function failure(x: number): object {
  if (x < 0.5) {
    const message = "upstream connection closed before the answer";
    return { level: "error", status: 502, message };
  }
  return x < 0.9
    ? { level: "error", status: 504, message: "upstream did not answer within 10 s" }
    : { level: "error", status: 500, message: "internal error of the upstream" };
}

/** So many single counts; a load balancer reports nothing where there is nothing to count. */
function some(count: number): Samples | undefined {
  return count === 0 ? undefined : { values: [1], count };
}

function each(values: readonly number[]): Samples {
  return { values, count: values.length };
}
