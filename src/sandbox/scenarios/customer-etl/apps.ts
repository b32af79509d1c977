import { DAY } from "#domain/window.ts";
import type { App, StoryRevision } from "#sandbox/cluster/app.ts";
import { between } from "#sandbox/noise.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { revisions, values } from "#sandbox/scenarios/revisions.ts";

/** Starts with enough time for the pool to run empty and the pipelines behind to notice. */
const ONSET_MINUTES = [13, 18] as const;

export interface EtlApps {
  readonly etl: App;
  /** Its newest revision, where the fault is. */
  readonly newest: StoryRevision;
  readonly downstream: readonly [App, App, App];
  readonly archive: App;
}

export function etlApps(setting: Setting): EtlApps {
  const etl = pipeline(setting);
  return {
    etl,
    newest: etl.revisions.at(-1) ?? etl.revisions[0],
    downstream: [
      steady(setting, "reporting-sync", 8080, "1.14.2", 26),
      steady(setting, "churn-features", 8080, "0.9.7", 11),
      steady(setting, "invoice-export", 9000, "3.2.0", 41),
    ],
    archive: { ...steady(setting, "ledger-archive", 8080, "1.0.4", 88), paused: true },
  };
}

export function onsetOf({ start, seed, overrides }: Setting): number {
  const minutes = overrides.onsetMinutesAgo ?? between(...ONSET_MINUTES, seed, "onset");
  return start - Math.round(minutes * 60) * 1000;
}

function pipeline(setting: Setting): App {
  const { start, overrides } = setting;
  const name = setting.name("customer-etl");
  const config = {
    max_connections: "50",
    acquire_timeout_seconds: "30",
    batch_size: "500",
    source: setting.name("legacy-crm"),
    log_level: "info",
  };
  const last =
    overrides.fault === "setting" ? { config: { ...config, max_connections: "18" } } : {};
  return {
    namespace: setting.name("data"),
    name,
    port: 8080,
    startupMs: 11_000,
    configPath: `/etc/${name}`,
    secret: `${name}-db`,
    revisions: revisions(start, values(`data/${name}`, 3, config), [
      { daysAgo: 62, version: "2.1.0" },
      { daysAgo: 48, version: "2.1.1" },
      { daysAgo: 33, version: "2.2.0" },
      { daysAgo: 20, version: "2.2.1", failure: "context deadline exceeded" },
      { daysAgo: 19.8, version: "2.2.2" },
      { daysAgo: 6, version: "2.3.0" },
      { daysAgo: (start - onsetOf(setting)) / DAY, version: "2.3.1", values: last },
    ]),
  };
}

/** An app of the same namespace that nobody has touched for a while. */
function steady(setting: Setting, usual: string, port: number, version: string, days: number): App {
  const name = setting.name(usual);
  const config = { source: setting.name("customer-etl"), log_level: "info" };
  return {
    namespace: setting.name("data"),
    name,
    port,
    startupMs: 8_000,
    configPath: `/etc/${name}`,
    revisions: revisions(setting.start, values(`data/${name}`, 2, config), [
      { daysAgo: days + 30, version: `${version}-rc1` },
      { daysAgo: days, version },
    ]),
  };
}
