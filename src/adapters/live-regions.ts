import type { DoctorCheck } from "#domain/doctor.ts";
import { OpsError } from "#errors.ts";
import type { Places, RegionPorts } from "#ports/index.ts";
import { cloudWatchAlarms } from "./aws/alarms.ts";
import { checkRegion } from "./aws/checks.ts";
import { cloudWatchLogs } from "./aws/logs.ts";
import { cloudWatchMetrics } from "./aws/metrics.ts";

export interface RegionSettings {
  /** As given by `--regions`; the first is the default. Empty: the region of the environment. */
  readonly regions: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The AWS regions that are configured, or nothing when none is. Throws `invalid_input` for what is no region. */
export async function openRegions(
  settings: RegionSettings,
): Promise<Places<RegionPorts> | undefined> {
  const names = regionNames(settings);
  if (names.length === 0) return undefined;
  const opened = new Map<string, RegionPorts>();
  return {
    names,
    offers: ["alarms", "metrics", "logs"],
    async open(name) {
      if (!names.includes(name)) throw unknownRegion(name, names);
      const ports = opened.get(name) ?? regionPorts(name);
      opened.set(name, ports);
      return ports;
    },
  };
}

/** Tries every permission in every configured region for real. */
export async function checkRegions(
  settings: RegionSettings & { readonly logGroups?: readonly string[] },
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const { logGroups = ["*"] } = settings;
  const names = regionNames(settings);
  if (names.length === 0) return [notConfigured];
  const now = new Date();
  const checks = names.map((region) => checkRegion({ region, logGroups }, now, signal));
  return (await Promise.all(checks)).flat();
}

const notConfigured: DoctorCheck = {
  subject: "AWS region",
  status: "not configured",
  detail: "Alarms, metrics and logs are not offered: no region is set.",
  fix: "Set AWS_REGION or --regions, for example --regions eu-west-1.",
};

function regionPorts(region: string): RegionPorts {
  return {
    alarms: cloudWatchAlarms(region),
    metrics: cloudWatchMetrics(region),
    logs: cloudWatchLogs(region),
  };
}

function regionNames({ regions, env }: RegionSettings): readonly string[] {
  const given = regions.length > 0 ? regions : [env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? ""];
  const names = [...new Set(given.map((name) => name.trim()).filter((name) => name !== ""))];
  const odd = names.find((name) => !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(name));
  if (odd === undefined) return names;
  throw new OpsError(
    "invalid_input",
    `${JSON.stringify(odd)} is not an AWS region.`,
    "Name regions one by one, such as eu-west-1,us-east-1, in --regions or AWS_REGION.",
  );
}

function unknownRegion(name: string, names: readonly string[]): OpsError {
  return new OpsError(
    "not_allowed",
    `Region ${JSON.stringify(name)} is not configured.`,
    `Use one of ${names.join(", ")}, or add it to --regions.`,
  );
}
