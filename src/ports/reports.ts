import type { Report } from "#domain/reports/report.ts";

/** Reports that were written, and where each was sent. */
export interface Reports {
  save(report: Report): Promise<void>;
  get(id: string): Promise<Report | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly Report[]>;
}
