import type { LogEvent } from "#domain/logs/event.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { AppHistory, History } from "#sandbox/cluster/history.ts";
import { hex } from "#sandbox/noise.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { appLines } from "#sandbox/scenarios/app-lines.ts";
import { instants } from "#sandbox/scenarios/traffic.ts";
import { type WebLoad, type WebMinute, webMinutes } from "#sandbox/scenarios/web.ts";
import {
  balancerMetrics,
  gatewayLines,
  type LoadBalancer,
} from "#sandbox/scenarios/web-signals.ts";
import type { WebStory } from "#sandbox/scenarios/web-story.ts";
import type { LogSource, Signals } from "#sandbox/signals/source.ts";
import { webAlarms } from "./alarms.ts";
import { needed, surgeAt } from "./load.ts";
import { onsetOf } from "./onset.ts";
import { replicaMetrics } from "./replicas.ts";

interface Cast {
  readonly app: App;
  readonly neighbours: readonly App[];
  readonly history: History;
}

const DOINGS = ["request served", "cache refreshed", "record read"] as const;
const PATHS = ["/", "/items", "/items/search"] as const;

export function webSignals(
  setting: Setting,
  story: WebStory,
  { app, neighbours, history }: Cast,
): Signals {
  const past = history(app);
  const load = loadOf(setting, story, past);
  const web = webMinutes(load);
  const balancer = balancerOf(setting, app);
  const gateway = `/${app.namespace}/gateway`;
  const errors = { namespace: "Web/Gateway", name: `${app.name}-errors`, dimensions: {} };
  return {
    metrics: [
      ...balancerMetrics(balancer, load, web, (minute) => past.pods(minute).length),
      ...replicaMetrics(past),
    ],
    logs: [
      { group: gateway, retentionDays: 14, minute: gatewayLines(app.name, load, web, PATHS) },
      ownLog(past, setting, complaints(story, past, setting, web)),
      ...neighbours.map((one) => ownLog(history(one), setting)),
    ],
    filters: [
      {
        logGroup: gateway,
        pattern: `{ $.upstream = "${app.name}" && $.status >= 500 }`,
        metric: errors,
      },
    ],
    alarms: webAlarms(setting, story, app, balancer, errors),
    mutes: [],
  };
}

function loadOf(setting: Setting, story: WebStory, past: AppHistory): WebLoad {
  const { seed, overrides } = setting;
  const { failing } = story;
  const onset = onsetOf(setting);
  return {
    past,
    seed,
    requestsPerMinute: story.requestsPerMinute,
    needed: needed(story),
    surge: (minute) => surgeAt(story, onset, minute),
    usualFailures: 0.004,
    peak: overrides.peak ?? 0.95,
    ...(failing ? { failing: (minute) => failing(past, minute) * (overrides.peak ?? 1) } : {}),
  };
}

function balancerOf({ seed, name }: Setting, app: App): LoadBalancer {
  return {
    name: `app/${name("web-public")}/${hex(16, seed, "balancer")}`,
    targetGroup: `targetgroup/${app.name}/${hex(16, seed, "target group", app.name)}`,
  };
}

function ownLog(
  past: AppHistory,
  { seed }: Setting,
  more: LogSource["minute"] = () => [],
): LogSource {
  const { app } = past.course;
  const usual = appLines(past, seed, DOINGS);
  const minute = (at: number) =>
    [...usual(at), ...more(at)].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return { group: `/${app.namespace}/${app.name}`, retentionDays: 30, minute };
}

/** A line for each request that failed though its pod was ready. */
function complaints(
  { failing, complaint }: WebStory,
  past: AppHistory,
  { seed }: Setting,
  web: (minute: number) => WebMinute,
): LogSource["minute"] {
  if (failing === undefined || complaint === undefined) return () => [];
  return (minute) => {
    const ready = past.ready(minute);
    if (failing(past, minute) === 0 || ready.length === 0) return [];
    return instants(Math.min(web(minute).failed, 60), minute, seed, "complaint").map(
      (at, i): LogEvent => {
        const when = new Date(at);
        const stream = ready[i % ready.length]?.name ?? past.course.app.name;
        return { at: when, stream, message: `${when.toISOString()} ERROR ${complaint}` };
      },
    );
  };
}
