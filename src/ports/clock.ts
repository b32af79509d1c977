/** Time as the world sees it: real, or the sandbox's. */
export interface Clock {
  now(): Date;
  /** Waits. In the sandbox simulated time moves at once. Rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}
