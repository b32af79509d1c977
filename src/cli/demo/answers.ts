import * as z from "zod";

/** What the walk reads of the tools' structured answers. Whatever else they hold passes unseen. */

const text = z.string().default("");

export const alarmSchema = z.object({
  name: z.string(),
  kind: z.string(),
  since: z.string(),
  for: z.string(),
  watches: z.string(),
  metric: z
    .object({
      namespace: z.string(),
      metric_name: z.string(),
      dimensions: z.record(z.string(), z.string()),
    })
    .optional(),
  children: z.object({ in_alarm: z.array(z.string()) }).optional(),
  muted: z.unknown().optional(),
  log_groups: z.array(z.object({ name: z.string(), known_by: text })).default([]),
});
export type Alarm = z.output<typeof alarmSchema>;

export const alarmsAnswer = z.object({
  matching: z.number(),
  alarms: z.array(alarmSchema),
  next: text,
});
export type AlarmsAnswer = z.output<typeof alarmsAnswer>;

export const historyAnswer = z.object({
  firings: z.number(),
  changes: z.array(z.object({ at: z.string(), from: z.string(), to: z.string() })),
  configuration_changes: z.array(z.unknown()),
});

const levels = z.object({ at: z.string(), before: z.number(), after: z.number() });

export const metricAnswer = z.object({
  statistics: z.array(
    z.object({
      statistic: z.string(),
      max: z.number(),
      max_at: z.string(),
      last: z.number(),
      changed: levels.optional(),
    }),
  ),
  series: z.array(z.object({ at: z.string(), values: z.array(z.number().nullable()) })),
  unit: text,
});
export type MetricAnswer = z.output<typeof metricAnswer>;

export const logsAnswer = z.object({
  found: z.number(),
  complete: z.boolean(),
  repeated: z.array(z.object({ template: z.string(), count: z.number() })),
  events: z.array(z.object({ at: z.string(), stream: text, message: z.string() })),
});
export type LogsAnswer = z.output<typeof logsAnswer>;

export const rowsAnswer = z.object({
  summary: z.string(),
  rows: z.array(z.record(z.string(), z.string())),
});
export type Row = z.output<typeof rowsAnswer>["rows"][number];

export const rolloutAnswer = z.object({
  state: z.string(),
  why: z.string(),
  desired: z.number(),
  ready: z.number(),
  pods: z.array(z.object({ name: z.string(), status: text, last_exit: text })),
  events: z.array(z.object({ reason: z.string(), object: text, count: z.number() })),
});
export type Rollout = z.output<typeof rolloutAnswer>;

export const releaseAnswer = z.object({
  release: z.string(),
  revisions: z.array(
    z.object({
      revision: z.number(),
      status: z.string(),
      chart: text,
      app_version: text,
      updated_at: z.string(),
      healthy: z.boolean(),
      healthy_why: text,
    }),
  ),
});
export type Revision = z.output<typeof releaseAnswer>["revisions"][number];

export const runbooksAnswer = z.object({
  matches: z.array(z.object({ slug: z.string(), title: z.string(), because: z.array(z.string()) })),
});

export const runbookAnswer = z.object({
  title: z.string(),
  risk: text,
  steps: z.array(z.object({ name: z.string(), tool: z.string().optional() })),
});

export const actionAnswer = z.object({
  status: z.string(),
  action_id: z.string(),
  code: z.string().optional(),
  approve_command: z.string().optional(),
  plan: z.object({ summary: z.string(), risk: text, undo: text }),
  result: z.object({ summary: text }).optional(),
  verification: z
    .object({
      outcome: z.string(),
      at: z.string(),
      checks: z.array(z.object({ name: z.string(), ok: z.boolean(), evidence: text })),
    })
    .optional(),
  note: z.string().optional(),
  next: text,
});
export type ActionAnswer = z.output<typeof actionAnswer>;

export const reportAnswer = z.object({ id: z.string(), note: text, markdown: z.string() });
