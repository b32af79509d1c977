import { alarmsPermissions } from "./alarms.ts";
import type { IamAction } from "./connection.ts";
import { logsPermissions } from "./logs.ts";
import { metricsPermissions } from "./metrics.ts";

/** Every action that the adapters use, once, in the order of the methods. */
export const awsPermissions: readonly IamAction[] = [
  ...new Set(
    [alarmsPermissions, metricsPermissions, logsPermissions].flatMap((port) =>
      Object.values(port).flat(),
    ),
  ),
];

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly IamAction[];
  readonly Resource: string;
}

/** Reading log events is the one permission worth narrowing: replace the last star by your groups. */
const LOG_GROUPS = "arn:aws:logs:*:*:log-group:*";

/**
 * The least that lets Firewatch work. CloudWatch answers about composite alarms, metrics and lists of
 * groups only to a permission on `*`. sts:GetCallerIdentity needs none.
 */
export function iamPolicy(): { readonly Version: string; readonly Statement: Statement[] } {
  const actions = (matches: (action: IamAction) => boolean) =>
    awsPermissions.filter(matches).sort();
  const readsEvents = (action: IamAction) => action === "logs:FilterLogEvents";
  return {
    Version: "2012-10-17",
    Statement: [
      allow(
        "ReadAlarmsAndMetrics",
        actions((action) => action.startsWith("cloudwatch:")),
        "*",
      ),
      allow(
        "FindLogGroups",
        actions((action) => action.startsWith("logs:") && !readsEvents(action)),
        "*",
      ),
      allow("ReadLogEvents", actions(readsEvents), LOG_GROUPS),
    ],
  };
}

function allow(Sid: string, Action: readonly IamAction[], Resource: string): Statement {
  return { Sid, Effect: "Allow", Action, Resource };
}
