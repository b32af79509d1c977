import { DAY, HOUR } from "#domain/window.ts";
import type { App, StoryRevision, Values } from "#sandbox/cluster/app.ts";
import type { AppHistory, History } from "#sandbox/cluster/history.ts";
import type { NodeName } from "#sandbox/cluster/pods.ts";
import type { Applied } from "#sandbox/effect.ts";
import { clusterFixtures, shortOfMemory } from "#sandbox/kubernetes/fixtures.ts";
import type { Fixture, Setting, Stage } from "#sandbox/scenario.ts";
import { revisions, values } from "./revisions.ts";
import { autoscalerOf } from "./web-story/load.ts";
import { onsetOf } from "./web-story/onset.ts";
import { webSignals } from "./web-story/signals.ts";

/** A service behind a load balancer, its neighbours, and what its newest release changed. */
export interface WebStory {
  /** Usual names; a setting may rename them. */
  readonly namespace: string;
  readonly app: string;
  readonly neighbours: readonly string[];
  readonly replicas: number;
  readonly requestsPerMinute: number;
  readonly config: Readonly<Record<string, string>>;
  /** Of the app in all its revisions. */
  readonly traits?: Partial<Omit<App, "revisions" | "name" | "namespace">>;
  /** Values of all revisions, and of the newest. */
  readonly values?: Partial<Values>;
  readonly newest?: Partial<Values>;
  readonly untagged?: boolean;
  /** Alarm on a rollout that does not end: no pod of it may ever be there to be counted. */
  readonly watchesRollouts?: boolean;
  /** Edits of the configuration that came after the newest release; minutes after the onset. */
  readonly edit?: Readonly<Record<string, string | null>>;
  /** What somebody made the Service select its pods by, instead of a release. */
  readonly shifted?: Readonly<Record<string, string>>;
  /** A node that runs short of memory, instead of a release. */
  readonly sickNode?: NodeName;
  /** How many times the usual traffic comes from the onset on; the newest release is some hours older then. */
  readonly surge?: number;
  readonly fixtures?: (setting: Setting, app: App) => readonly Fixture[];
  /** Share of requests that fail although pods are ready, at the minute. */
  readonly failing?: (past: AppHistory, minute: number) => number;
  /** What the app's own log says for each request that failed so. */
  readonly complaint?: string;
}

export function webStage(setting: Setting, story: WebStory): Stage {
  const app = mainApp(setting, story);
  const neighbours = story.neighbours.map((name, i) => neighbour(setting, story, name, i));
  return {
    apps: [app, ...neighbours],
    fixtures: [
      ...nodesOf(setting, story, app.namespace),
      ...(story.fixtures?.(setting, app) ?? []),
    ],
    ...(story.shifted ? { past: [shiftOf(app, story.shifted, onsetOf(setting))] } : {}),
    signals: (history: History) => webSignals(setting, story, { app, neighbours, history }),
  };
}

function nodesOf(setting: Setting, { sickNode }: WebStory, namespace: string): readonly Fixture[] {
  const usual = clusterFixtures([namespace], setting.start);
  if (sickNode === undefined) return usual;
  const sick = shortOfMemory(sickNode, setting.start, onsetOf(setting));
  return usual.map((one) => (one.kind === "nodes" && one.name === sickNode ? sick : one));
}

function mainApp(setting: Setting, story: WebStory): App {
  const name = setting.name(story.app);
  const base = {
    ...values(`${story.namespace}/${name}`, story.replicas, story.config),
    ...story.values,
  };
  const onset = onsetOf(setting);
  const released = story.surge === undefined ? onset : onset - 3 * HOUR;
  const steps = revisions(setting.start, base, [
    { daysAgo: 71, version: "3.6.0" },
    { daysAgo: 44, version: "3.7.0" },
    { daysAgo: 16, version: "3.7.1" },
    ...(story.edit || story.shifted || story.sickNode
      ? []
      : [
          {
            daysAgo: (setting.start - released) / DAY,
            version: "3.8.0",
            values: story.newest ?? {},
          },
        ]),
  ]);
  return {
    namespace: setting.name(story.namespace),
    name,
    port: 8080,
    startupMs: 9_000,
    configPath: `/etc/${name}`,
    ...story.traits,
    ...(story.sickNode ? { sickNode: { name: story.sickNode, since: onset } } : {}),
    ...(story.surge ? { autoscaler: autoscalerOf(story, onset) } : {}),
    ...(story.edit ? { edits: [{ at: onset, data: story.edit }] } : {}),
    revisions: story.untagged ? lastUntagged(steps) : steps,
  };
}

function shiftOf(
  { namespace, name }: App,
  selector: Readonly<Record<string, string>>,
  at: number,
): Applied {
  const effect = { type: "shift_traffic", kind: "services", namespace, name } as const;
  return { at, effect: { ...effect, annotations: {}, spec: { selector } } };
}

function lastUntagged(steps: App["revisions"]): App["revisions"] {
  const [first, ...rest] = steps;
  return [
    first,
    ...rest.map(
      (step, i): StoryRevision => (i === rest.length - 1 ? { ...step, untagged: true } : step),
    ),
  ];
}

/** An app of the same namespace that nobody has touched for a while. */
function neighbour(setting: Setting, story: WebStory, usual: string, i: number): App {
  const name = setting.name(usual);
  return {
    namespace: setting.name(story.namespace),
    name,
    port: 8080,
    startupMs: 7_000,
    configPath: `/etc/${name}`,
    revisions: revisions(
      setting.start,
      values(`${story.namespace}/${name}`, 2, { log_level: "info" }),
      [
        { daysAgo: 60 + 9 * i, version: `1.${4 + i}.0` },
        { daysAgo: 20 + 5 * i, version: `1.${4 + i}.1` },
      ],
    ),
  };
}
