import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DAY, shift } from "#domain/window.ts";
import type { Cluster } from "./cluster.ts";
import { setReleased } from "./past.ts";
import type { HelmMajor } from "./tools.ts";

const chart = join(import.meta.dirname, "../charts/customer-etl");

interface Step {
  readonly version: string;
  /** Before the newest. */
  readonly daysEarlier: number;
  readonly set?: string;
  /** Helm waits for the pods, in vain. */
  readonly fails?: boolean;
}

/** The releases of customer-etl, oldest first: the fourth failed, the seventh crashes. */
const steps: readonly Step[] = [
  { version: "2.1.0", daysEarlier: 62 },
  { version: "2.1.1", daysEarlier: 48 },
  { version: "2.2.0", daysEarlier: 33, set: "config.batch_size=400" },
  {
    version: "2.2.1",
    daysEarlier: 20,
    set: "image=registry.example.com/does-not-exist",
    fails: true,
  },
  { version: "2.2.2", daysEarlier: 19.8 },
  { version: "2.3.0", daysEarlier: 6 },
  { version: "2.3.1", daysEarlier: 0, set: "behaves=crashloop" },
];

export interface Release {
  readonly namespace: string;
  readonly name: string;
  readonly major: HelmMajor;
}

/** Installs customer-etl and upgrades it to a revision that crashes; or to an earlier one that is well. */
export async function seedIncident(
  cluster: Cluster,
  { namespace, name, major }: Release,
  revisions = steps.length,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-chart-"));
  try {
    for (const { version, set, fails } of steps.slice(0, revisions)) {
      const versions = ["--version", version, "--app-version", version];
      await cluster.helm(major, ["package", chart, "--destination", folder, ...versions]);
      const archive = join(folder, `customer-etl-${version}.tgz`);
      const where = ["--namespace", namespace, "--create-namespace", "--install"];
      const values = ["--reset-values", ...(set ? ["--set-string", set] : [])];
      const wait = set?.startsWith("behaves") ? [] : ["--wait", "--timeout", fails ? "1s" : "60s"];
      const done = cluster.helm(major, ["upgrade", name, archive, ...where, ...values, ...wait]);
      await (fails ? done.catch(() => "") : done);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Spreads the revisions over the time before the newest one, which went out at `onset`. */
export async function spreadReleases(
  cluster: Cluster,
  release: Pick<Release, "namespace" | "name">,
  onset: Date,
): Promise<void> {
  for (const [index, { daysEarlier }] of steps.entries()) {
    await setReleased(cluster, release, index + 1, shift(onset, -daysEarlier * DAY));
  }
}
