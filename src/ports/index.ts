import type { Actions } from "./actions.ts";
import type { Alarms } from "./alarms.ts";
import type { Approvals } from "./approvals.ts";
import type { Audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import type { Clock } from "./clock.ts";
import type { Keys } from "./keys.ts";
import type { Logs } from "./logs.ts";
import type { Metrics } from "./metrics.ts";
import type { PolicySource } from "./policy.ts";
import type { Releases } from "./releases.ts";
import type { Reports } from "./reports.ts";
import type { Runbooks } from "./runbooks.ts";
import type { Workloads } from "./workloads.ts";

/** Ports of one cluster. */
export interface ClusterPorts {
  readonly workloads: Workloads;
  readonly releases: Releases;
}

/** Ports of one region of one account. */
export interface RegionPorts {
  readonly alarms: Alarms;
  readonly metrics: Metrics;
  readonly logs: Logs;
}

/** Every way a tool can reach the world, its own records and its files. */
export interface Ports extends ClusterPorts, RegionPorts {
  readonly clock: Clock;
  readonly chat: Chat;
  readonly actions: Actions;
  readonly reports: Reports;
  readonly runbooks: Runbooks;
  readonly policy: PolicySource;
}

export type PortName = keyof Ports;

/** Places of one sort (clusters, regions) that this server may use; the first is the default. */
export interface Places<P> {
  readonly names: readonly string[];
  /** Ports of one place, made once. A port that the place lacks is absent. */
  open(name: string): Promise<Partial<P>>;
  /** Which ports each place will have. */
  readonly offers: readonly (keyof P & string)[];
}

/** The world, live or simulated. A sort of place that is not configured is absent. */
export interface World {
  readonly clock: Clock;
  readonly chat?: Chat;
  readonly clusters?: Places<ClusterPorts>;
  readonly regions?: Places<RegionPorts>;
  /** Brings the world up to date before a call (the sandbox replays its journal). */
  refresh?(): Promise<void>;
}

/** The server's own records. */
export interface Records {
  readonly approvals: Approvals;
  readonly actions: Actions;
  readonly audit: Audit;
  readonly reports: Reports;
  readonly keys: Keys;
}

/** Everything that `calls/` works with. */
export interface House {
  readonly world: World;
  /** Opened, and migrated, on first use. */
  records(): Promise<Records>;
  readonly runbooks: Runbooks;
  readonly policy: PolicySource;
  /** Real time, fixed in tests: expiry of approvals, leases, audit. */
  readonly wallClock: { now(): Date };
}
