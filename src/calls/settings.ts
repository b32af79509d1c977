import type { JsonObject } from "#domain/json.ts";
import type { Mode } from "#tools/tool.ts";

/** How this server may be used; from the command line. */
export interface CallSettings {
  readonly mode: Mode;
  /** Names of the toolsets that are offered. */
  readonly toolsets: readonly string[];
  /** Globs of Kubernetes namespaces and of log groups that may be touched. */
  readonly namespaces: readonly string[];
  readonly logGroups: readonly string[];
  /** A call answers within so many seconds. */
  readonly callSeconds: number;
  /** The command that a person types to approve, for a code. */
  approveCommand(code: string): string;
  /** Names this process in leases. */
  readonly holder: string;
  /** Unpredictable bytes, for codes and ids. */
  randomBytes(length: number): Uint8Array;
  /** Our own log; never standard output. */
  log(level: "info" | "warn" | "error", message: string, fields: JsonObject): void;
}
