import { DAY } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { revisions, type Step, values } from "#sandbox/scenarios/revisions.ts";

export interface MediaApps {
  readonly uploads: App;
  readonly thumbnails: App;
}

/** Two apps that nobody has touched for days. */
export function mediaApps(setting: Setting): MediaApps {
  return {
    uploads: app(setting, "uploads-api", 3, [
      { daysAgo: 64, version: "2.7.4" },
      { daysAgo: 40, version: "2.8.0", failure: "context deadline exceeded" },
      { daysAgo: 39, version: "2.8.1" },
      { daysAgo: 12, version: "2.9.0" },
    ]),
    thumbnails: {
      ...app(setting, "thumbnailer", 2, [
        { daysAgo: 80, version: "0.18.2" },
        { daysAgo: 21, version: "0.19.0" },
      ]),
      ends: ({ index, startedAt, revision }) => {
        const oldest = index === 0 && startedAt - revision.at < 5_000;
        const crashAt = setting.start - 3.2 * DAY;
        return oldest && startedAt < crashAt
          ? { afterMs: crashAt - startedAt, exitCode: 1, reason: "Error" }
          : undefined;
      },
    },
  };
}

function app(
  setting: Setting,
  usual: string,
  replicas: number,
  steps: readonly [Step, ...Step[]],
): App {
  const name = setting.name(usual);
  const config = { log_level: "info", max_megabytes: "50" };
  return {
    namespace: setting.name("media"),
    name,
    port: 8080,
    startupMs: 9_000,
    configPath: `/etc/${name}`,
    secret: `${name}-bucket`,
    revisions: revisions(setting.start, values(`media/${name}`, replicas, config), steps),
  };
}
