import { setTimeout } from "node:timers/promises";

/** A change that is being carried out may take this long to end; after a harder stop, the next start takes it over. */
const PATIENCE_MS = 60_000;

/** Runs `stop` on the first signal, or when `ended` settles, and then ends the process; a second signal ends it at once. */
export function stopWhen(ended: Promise<unknown> | undefined, stop: () => Promise<void>): void {
  let signals = 0;
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    Promise.race([stop(), setTimeout(PATIENCE_MS)]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  const signalled = () => {
    signals += 1;
    if (signals > 1) process.exit(1);
    begin();
  };
  process.on("SIGINT", signalled);
  process.on("SIGTERM", signalled);
  ended?.then(begin, begin);
}
