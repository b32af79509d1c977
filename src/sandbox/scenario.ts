import type { ResourceKind } from "#domain/kubernetes/object.ts";
import type { App } from "./cluster/app.ts";
import type { History } from "./cluster/history.ts";
import type { Applied } from "./effect.ts";
import type { Signals } from "./signals/source.ts";

/** What tests move: names (by their usual name), when the cause set in, how bad it gets (0 to 1). */
export interface Overrides {
  readonly names?: Readonly<Record<string, string>>;
  readonly onsetMinutesAgo?: number;
  readonly peak?: number;
  /** What is wrong in the newest release: its code (only another revision heals), or a setting of it. */
  readonly fault?: "code" | "setting";
  /** Disruption budgets: how many pods of the named app must stay ready. */
  readonly budgets?: Readonly<Record<string, number>>;
  /** More objects that nothing in the story changes. */
  readonly fixtures?: readonly Fixture[];
}

/** What a story is told with. */
export interface Setting {
  /** When the world began, in milliseconds since the epoch. */
  readonly start: number;
  readonly seed: number;
  readonly overrides: Overrides;
  /** The name to use for this usual one. */
  name(usual: string): string;
}

/** An object that nothing in the story changes. */
export interface Fixture {
  readonly kind: ResourceKind;
  readonly apiVersion: string;
  readonly objectKind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly createdAt: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How many pods of an app must stay ready while others are evicted. */
export interface Budget {
  readonly app: App;
  readonly minAvailable: number;
}

/** A scenario in a setting: what there is, and what can be observed given all that was done. */
export interface Stage {
  readonly apps: readonly App[];
  readonly fixtures: readonly Fixture[];
  readonly budgets?: readonly Budget[];
  /** What people did to the cluster before the world began. */
  readonly past?: readonly Applied[];
  signals(history: History): Signals;
}

export interface Scenario {
  readonly name: string;
  stage(setting: Setting): Stage;
}
