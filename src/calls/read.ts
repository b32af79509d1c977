import type { Report } from "#domain/reports/report.ts";
import type { Runbook } from "#domain/runbooks/runbook.ts";
import { cleanText } from "#domain/text/redact.ts";
import type { Context } from "./context.ts";
import { guardCluster } from "./guard.ts";

/** Reads that are no tool calls: resources and completion. The same allow-lists and redaction hold. */
export interface Reads {
  runbooks(): Promise<readonly Runbook[]>;
  /** The file's text; `undefined` when there is none. */
  runbook(slug: string): Promise<string | undefined>;
  reports(): Promise<readonly Report[]>;
  report(id: string): Promise<Report | undefined>;
  /** Names that begin with what was typed, at most `MAX_COMPLETIONS`. A backend that fails completes nothing. */
  complete(source: CompletionSource, typed: string): Promise<string[]>;
}

export type CompletionSource =
  | "alarm"
  | "service"
  | "namespace"
  | "incident"
  | "runbook"
  | "report";

const MAX_COMPLETIONS = 100;
const LISTED_REPORTS = 50;
/** Somebody waits at the keyboard. */
const COMPLETION_MS = 5_000;

export function createReads(context: Context): Reads {
  const { house } = context;
  const reads: Reads = {
    runbooks: () => house.runbooks.list(),
    async runbook(slug) {
      const source = await house.runbooks.source(slug);
      return source === undefined ? undefined : cleanText(source);
    },
    reports: async () => (await house.records()).reports.list(LISTED_REPORTS),
    report: async (id) => (await house.records()).reports.get(id),
    async complete(source, typed) {
      const names = await candidates(context, reads, source, typed).catch(() => []);
      const fitting = names.map(cleanText).filter((name) => name.startsWith(typed));
      return [...new Set(fitting)].toSorted().slice(0, MAX_COMPLETIONS);
    },
  };
  return reads;
}

async function candidates(
  context: Context,
  reads: Reads,
  source: CompletionSource,
  typed: string,
): Promise<readonly string[]> {
  if (source === "runbook") return (await reads.runbooks()).map(({ slug }) => slug);
  if (source === "report") return (await reads.reports()).map(({ id }) => id);
  if (source === "incident") return [];
  await context.house.world.refresh?.();
  return source === "alarm" ? alarmNames(context, typed) : objectNames(context, source);
}

async function alarmNames({ house }: Context, typed: string): Promise<readonly string[]> {
  const { regions } = house.world;
  const { alarms } = (await regions?.open(regions.names[0] ?? "")) ?? {};
  const filter = typed === "" ? {} : { namePrefix: typed };
  const found = await alarms?.list(filter, AbortSignal.timeout(COMPLETION_MS));
  return found?.map(({ name }) => name) ?? [];
}

async function objectNames(
  { house, settings }: Context,
  source: "service" | "namespace",
): Promise<readonly string[]> {
  const { clusters } = house.world;
  const ports = (await clusters?.open(clusters.names[0] ?? "")) ?? {};
  const { workloads } = guardCluster(ports, settings.namespaces);
  const kind = source === "namespace" ? "namespaces" : "deployments";
  const query = { kind, limit: 500 } as const;
  const found = await workloads?.list(query, AbortSignal.timeout(COMPLETION_MS));
  return found?.items.map(({ metadata }) => metadata.name) ?? [];
}
