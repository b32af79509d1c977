import { DAY } from "#domain/window.ts";
import type { App, StoryRevision, Values } from "#sandbox/cluster/app.ts";
import { sameImage } from "#sandbox/cluster/container.ts";
import { between } from "#sandbox/noise.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { revisions, type Step, values } from "#sandbox/scenarios/revisions.ts";
import { type Appetite, hungry } from "./memory.ts";

const ONSET_MINUTES = [14, 19] as const;

export interface ShopApps {
  readonly checkout: App;
  readonly appetite: Appetite;
  /** Its replicas belong to an autoscaler. */
  readonly catalogue: App;
  /** Flux applies it. */
  readonly storefront: App;
}

export function onsetOf({ start, seed, overrides }: Setting): number {
  const minutes = overrides.onsetMinutesAgo ?? between(...ONSET_MINUTES, seed, "onset");
  return start - Math.round(minutes * 60) * 1000;
}

export function shopApps(setting: Setting): ShopApps {
  const codeAtFault = setting.overrides.fault === "code";
  const plain = checkoutApp(setting, codeAtFault ? {} : { resources: resources("256Mi") });
  const newest = plain.revisions.at(-1);
  const appetite = {
    seed: setting.seed,
    factor: (revision: StoryRevision) =>
      codeAtFault && newest && sameImage(revision, newest) ? 3.2 : 1,
  };
  return {
    checkout: hungry(plain, appetite),
    appetite,
    catalogue: steady(setting, "catalogue", 3, [
      { daysAgo: 51, version: "7.0.3" },
      { daysAgo: 17, version: "7.1.0" },
    ]),
    storefront: {
      ...steady(setting, "storefront", 2, [{ daysAgo: 9, version: "12.4.1" }]),
      labels: {
        "kustomize.toolkit.fluxcd.io/name": "shop",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
      },
    },
  };
}

function checkoutApp(setting: Setting, last: Partial<Values>): App {
  const config = { payment_timeout_seconds: "8", currency: "EUR", log_level: "info" };
  const base = app(setting, "checkout");
  return {
    ...base,
    startupMs: 12_000,
    secret: `${base.name}-payment`,
    revisions: revisions(setting.start, values(`shop/${base.name}`, 4, config), [
      { daysAgo: 74, version: "4.9.0" },
      { daysAgo: 52, version: "4.9.1" },
      { daysAgo: 30, version: "4.10.0" },
      { daysAgo: 8, version: "4.11.0" },
      {
        daysAgo: (setting.start - onsetOf(setting)) / DAY,
        version: "4.12.0",
        values: { config: { ...config, payment_timeout_seconds: "6" }, ...last },
      },
    ]),
  };
}

function steady(
  setting: Setting,
  usual: string,
  replicas: number,
  steps: readonly [Step, ...Step[]],
): App {
  const base = app(setting, usual);
  const config = { log_level: "info", cache_seconds: "300" };
  const first = values(`shop/${base.name}`, replicas, config);
  return { ...base, revisions: revisions(setting.start, first, steps) };
}

function app(setting: Setting, usual: string): Omit<App, "revisions"> {
  const name = setting.name(usual);
  return {
    namespace: setting.name("shop"),
    name,
    port: 8080,
    startupMs: 8_000,
    configPath: `/etc/${name}`,
  };
}

function resources(memory: string): Values["resources"] {
  return { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory } };
}
