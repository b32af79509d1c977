import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "#ports/clock.ts";
import { connect, countingBytes } from "../../support/connect.ts";
import { liveClusters } from "./cluster.ts";

/** Waits a twentieth of what it is asked to: simulated pods are quicker than real ones. */
function hurrying(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    async sleep(milliseconds, signal) {
      await delay(milliseconds / 20, undefined, { signal });
      ahead += milliseconds - milliseconds / 20;
    },
  };
}

/** A server on the real cluster whose person says yes to this target. Each has ids of its own. */
export async function approvingServer(target: string) {
  const clusters = await liveClusters(4);
  const clock = hurrying();
  return connect({
    world: () => ({ clock, clusters }),
    answer: () => ({ action: "accept", content: { approve: true, target } }),
    settings: { randomBytes: countingBytes(), callSeconds: 120 },
  });
}
