import type { MetricId } from "#domain/alarms/alarm.ts";
import { DAY } from "#domain/window.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { above, anyOf } from "#sandbox/scenarios/alarm-specs.ts";
import { family } from "#sandbox/scenarios/metric-sources.ts";
import type { LoadBalancer } from "#sandbox/scenarios/web-signals.ts";
import type { AlarmSpec } from "#sandbox/signals/source.ts";
import type { ShopApps } from "./apps.ts";

type Balancers = { readonly [app in "checkout" | "catalogue"]: LoadBalancer };

export function shopAlarms(
  setting: Setting,
  apps: ShopApps,
  balancers: Balancers,
  gatewayErrors: MetricId,
): readonly AlarmSpec[] {
  const createdAt = setting.start - 70 * DAY;
  const { name } = apps.checkout;
  const of = targetGroup(balancers.checkout);
  const failing = above(of("HTTPCode_Target_5XX_Count"), {
    name: `${name}-5xx`,
    description: "Customers get server errors on the way to paying.",
    statistic: "Sum",
    threshold: 30,
    evaluationPeriods: 5,
    treatMissingData: "notBreaching",
    createdAt,
  });
  const hosts = above(of("HealthyHostCount"), {
    name: `${name}-healthy-hosts`,
    description: "Fewer pods answer health checks than carry the traffic.",
    statistic: "Minimum",
    threshold: 3,
    comparison: "LessThanThreshold",
    treatMissingData: "breaching",
    createdAt,
  });
  const slow = above(of("TargetResponseTime"), {
    name: `${name}-latency-p90`,
    statistic: "p90",
    threshold: 1.5,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    createdAt,
  });
  const errors = above(gatewayErrors, {
    name: `${name}-gateway-errors`,
    description: "Requests that the gateway could not have answered.",
    statistic: "Sum",
    threshold: 50,
    treatMissingData: "notBreaching",
    createdAt,
  });
  const front = anyOf([failing, hosts, slow, errors], {
    name: setting.name("shop-front-door"),
    description: "Customers cannot buy.",
    createdAt,
  });
  return [failing, hosts, slow, errors, front, ...quietAlarms(apps, balancers, createdAt)];
}

/** Alarms on what stays well in this story. */
function quietAlarms(
  { catalogue }: ShopApps,
  balancers: Balancers,
  createdAt: number,
): readonly AlarmSpec[] {
  return [
    above(targetGroup(balancers.catalogue)("HTTPCode_Target_5XX_Count"), {
      name: `${catalogue.name}-5xx`,
      statistic: "Sum",
      threshold: 90,
      treatMissingData: "notBreaching",
      createdAt,
    }),
  ];
}

function targetGroup(balancer: LoadBalancer) {
  const { name, targetGroup: group } = balancer;
  return family("AWS/ApplicationELB", { LoadBalancer: name, TargetGroup: group });
}
