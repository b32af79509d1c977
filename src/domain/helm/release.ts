import type { JsonObject } from "#domain/json.ts";

/** Helm's own status words. */
export const releaseStatuses = [
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

export interface ReleaseRef {
  readonly namespace: string;
  readonly name: string;
}

export interface Revision {
  readonly revision: number;
  readonly status: ReleaseStatus;
  /** Chart name and version, for example `customer-etl-2.3.1`. */
  readonly chart: string;
  readonly appVersion: string;
  readonly updatedAt: Date;
  readonly description: string;
}

/** A release at its newest revision. */
export interface Release extends ReleaseRef, Revision {}

/** What one revision installs: its rendered manifests (YAML, several documents) and the values the user gave. */
export interface RevisionContent {
  readonly manifest: string;
  readonly values: JsonObject;
}
