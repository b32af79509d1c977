import { setTimeout } from "node:timers/promises";

/** A change that is being carried out may take this long to end; after a harder stop, the next start takes it over. */
const PATIENCE_MS = 60_000;

/** Runs `stop` once, on a signal or when `ended` resolves, then ends the process. A second signal ends it at once. */
export function stopWhen(ended: Promise<unknown> | undefined, stop: () => Promise<void>): void {
  let stopping = false;
  const begin = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void Promise.race([stop(), setTimeout(PATIENCE_MS)]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGINT", begin);
  process.on("SIGTERM", begin);
  void ended?.then(() => stopping || begin());
}
