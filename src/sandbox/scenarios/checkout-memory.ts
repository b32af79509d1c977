import { DAY } from "#domain/window.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { History } from "#sandbox/cluster/history.ts";
import { autoscalerFixture } from "#sandbox/kubernetes/autoscalers.ts";
import { clusterFixtures, secret } from "#sandbox/kubernetes/fixtures.ts";
import { hex } from "#sandbox/noise.ts";
import type { Scenario, Setting } from "#sandbox/scenario.ts";
import type { Signals } from "#sandbox/signals/source.ts";
import { appLines } from "./app-lines.ts";
import { shopAlarms } from "./checkout-memory/alarms.ts";
import { type ShopApps, shopApps } from "./checkout-memory/apps.ts";
import { containerMetrics } from "./checkout-memory/container-metrics.ts";
import { type WebLoad, webMinutes } from "./web.ts";
import { balancerMetrics, gatewayLines, type LoadBalancer } from "./web-signals.ts";

/** The newest release gives its pods less memory than they need. */
export const checkoutMemory: Scenario = {
  name: "checkout-memory",
  stage(setting) {
    const apps = shopApps(setting);
    const { namespace, secret: payment = "" } = apps.checkout;
    return {
      apps: [apps.checkout, apps.catalogue, apps.storefront],
      fixtures: [
        ...clusterFixtures([namespace, "flux-system"], setting.start),
        secret(namespace, payment, ["api_key", "merchant_id"], setting.start - 74 * DAY),
        autoscalerFixture(apps.catalogue, setting.start - 51 * DAY, { min: 3, max: 9 }),
      ],
      signals: (history) => signalsOf(setting, apps, history),
    };
  },
};

const ORDERS = ["order accepted", "address checked", "payment authorised"] as const;
const PAGES = ["category page built", "search answered", "price looked up"] as const;

function signalsOf(setting: Setting, apps: ShopApps, history: History): Signals {
  const { seed } = setting;
  const past = history(apps.checkout);
  const loads = {
    checkout: load(setting, history, apps.checkout, 600, 3),
    catalogue: load(setting, history, apps.catalogue, 900, 2),
  };
  const [checkout, catalogue] = [webMinutes(loads.checkout), webMinutes(loads.catalogue)];
  const alive = (app: App) => (minute: number) => history(app).pods(minute).length;
  const balancers = {
    checkout: balancer(setting, apps.checkout),
    catalogue: balancer(setting, apps.catalogue),
  };
  const gateway = `/${apps.checkout.namespace}/gateway`;
  const own = `/${apps.checkout.namespace}/${apps.checkout.name}`;
  return {
    metrics: [
      ...balancerMetrics(balancers.checkout, loads.checkout, checkout, alive(apps.checkout)),
      ...balancerMetrics(balancers.catalogue, loads.catalogue, catalogue, alive(apps.catalogue)),
      ...containerMetrics(past, apps.appetite),
    ],
    logs: [
      {
        group: gateway,
        retentionDays: 14,
        minute: gatewayLines(apps.checkout.name, loads.checkout, checkout),
      },
      { group: own, retentionDays: 30, minute: appLines(past, seed, ORDERS) },
      {
        group: `/${apps.catalogue.namespace}/${apps.catalogue.name}`,
        retentionDays: 30,
        minute: appLines(history(apps.catalogue), seed, PAGES),
      },
    ],
    filters: [
      {
        logGroup: gateway,
        pattern: `{ $.upstream = "${apps.checkout.name}" && $.status >= 500 }`,
        metric: gatewayErrors(apps.checkout),
      },
    ],
    alarms: shopAlarms(setting, apps, balancers, gatewayErrors(apps.checkout)),
    mutes: [],
  };
}

function gatewayErrors(app: App) {
  return { namespace: "Shop/Gateway", name: `${app.name}-errors`, dimensions: {} };
}

function load(
  { seed, overrides }: Setting,
  history: History,
  app: App,
  requestsPerMinute: number,
  needed: number,
): WebLoad {
  const peak = overrides.peak ?? 0.95;
  return { past: history(app), seed, requestsPerMinute, needed, usualFailures: 0.004, peak };
}

function balancer(setting: Setting, app: App): LoadBalancer {
  const { seed } = setting;
  return {
    name: `app/${setting.name("shop-public")}/${hex(16, seed, "balancer")}`,
    targetGroup: `targetgroup/${app.name}/${hex(16, seed, "target group", app.name)}`,
  };
}
