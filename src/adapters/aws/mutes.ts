import type { AlarmMuteRuleSummary, CloudWatch, Rule } from "@aws-sdk/client-cloudwatch";
import type { MuteRule } from "#domain/alarms/alarm.ts";
import { DAY, HOUR, MINUTE, SECOND, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Connection } from "./connection.ts";
import { defined } from "./defined.ts";
import { allPages, eachOf } from "./pages.ts";

/** Rules that mute now or will. None where the endpoint does not know mute rules. */
export async function muteRules(
  cloudWatch: Connection<CloudWatch>,
  signal: AbortSignal,
): Promise<readonly MuteRule[]> {
  try {
    const summaries = await summariesOf(cloudWatch, signal);
    return await eachOf(summaries, 4, (summary) => details(cloudWatch, summary, signal));
  } catch (error) {
    if (error instanceof OpsError && error.code === "not_configured") return [];
    throw error;
  }
}

function summariesOf(cloudWatch: Connection<CloudWatch>, signal: AbortSignal) {
  return allPages(async (NextToken) => {
    const page = await cloudWatch.send("cloudwatch:ListAlarmMuteRules", signal, (client, options) =>
      client.listAlarmMuteRules({ Statuses: ["ACTIVE", "SCHEDULED"], NextToken }, options),
    );
    return { items: page.AlarmMuteRuleSummaries, next: page.NextToken };
  });
}

/** A summary names neither the rule nor its alarms; the ARN ends in the name. */
async function details(
  cloudWatch: Connection<CloudWatch>,
  summary: AlarmMuteRuleSummary,
  signal: AbortSignal,
): Promise<MuteRule> {
  const name = summary.AlarmMuteRuleArn?.split(":").at(-1) ?? "";
  const rule = await cloudWatch.send("cloudwatch:GetAlarmMuteRule", signal, (client, options) =>
    client.getAlarmMuteRule({ AlarmMuteRuleName: name }, options),
  );
  return {
    name,
    alarms: rule.MuteTargets?.AlarmNames ?? [],
    active: summary.Status === "ACTIVE",
    ...defined({ until: endOf(rule.Rule) ?? rule.ExpireDate }),
  };
}

/** When a mute of once, `at(2026-04-25T14:00)` in UTC, is over. Of recurring ones CloudWatch does not say. */
function endOf(rule: Rule | undefined): Date | undefined {
  const { Expression = "", Duration = "", Timezone = "UTC" } = rule?.Schedule ?? {};
  const [, from] = /^at\((.+)\)$/.exec(Expression) ?? [];
  const length = milliseconds(Duration);
  if (from === undefined || length === undefined || Timezone !== "UTC") return undefined;
  return shift(new Date(`${from}Z`), length);
}

/** An ISO 8601 duration such as `P2DT12H` or `PT90M`. */
function milliseconds(duration: string): number | undefined {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!parts) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((n) => Number(n ?? 0));
  return days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
}
