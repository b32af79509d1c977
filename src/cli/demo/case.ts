import type { ActionAnswer, Alarm, Revision, Rollout } from "./answers.ts";
import type { Limit } from "./limit.ts";
import type { Suspect } from "./suspects.ts";

/** The alarms, and the one that tells most of the cause. */
export interface Trouble {
  readonly alarms: readonly Alarm[];
  readonly primary: Alarm;
}

/** How the alarm's metric went. */
export interface Symptom {
  readonly label: string;
  readonly unit: string;
  readonly limit?: Limit;
  /** ISO 8601. The level's change where the metric shows one, else the alarm. */
  readonly onset: string;
  readonly before?: number;
  readonly after?: number;
  readonly last?: number;
}

/** What the logs say since the onset. */
export interface Lines {
  readonly group: string;
  readonly found: number;
  readonly complete: boolean;
  /** The commonest kind, as one line. */
  readonly sample: string;
  readonly streams: readonly string[];
}

/** The workload that the symptom belongs to. */
export interface Workload {
  readonly suspect: Suspect;
  readonly rollout?: Rollout;
  /** Kubernetes' word for what is wrong with its pods, such as a reason of their last exit. */
  readonly reason?: string;
  /** Releases that may own it, the likeliest first. */
  readonly releaseNames: readonly string[];
}

export interface Releases {
  readonly release: string;
  readonly revisions: readonly Revision[];
  /** The revision that went out shortly before the onset. */
  readonly culprit?: Revision;
}

/** What the walk has found out. */
export interface Case {
  readonly trouble: Trouble;
  readonly symptom: Symptom;
  readonly lines?: Lines;
  readonly workload: Workload;
  readonly releases?: Releases;
  readonly runbook?: string;
}

/** A way to help: a call, and why. Those that nothing speaks for are named, not tried. */
export interface Remedy {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fits: boolean;
  readonly why: string;
}

/** The remedy that was tried, and how it ended. */
export interface Attempt {
  readonly remedy: Remedy;
  readonly answer: ActionAnswer;
}

export interface Recovery {
  readonly healed: boolean;
  /** Alarms that still fire. */
  readonly firing: readonly string[];
  readonly last?: number;
}

/** How the walk ended. */
export interface Ending {
  readonly outcome: "healed" | "nothing_to_do" | "open";
  readonly why: string;
}
