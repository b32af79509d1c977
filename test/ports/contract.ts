import { afterAll, beforeAll } from "vitest";

/** For calls that nobody cancels. */
export const signal = new AbortController().signal;

/** A signal that was aborted before the call. */
export function aborted(): AbortSignal {
  return AbortSignal.abort(new Error("the caller gave up"));
}

/** What a contract works on, and how it is put away. */
export interface Opened {
  close?(): Promise<void>;
}

/** Opens a fixture once for all tests of a contract; they run in order and may build on each other. */
export function opened<F extends Opened>(open: () => Promise<F>): () => F {
  let fixture: F | undefined;
  beforeAll(async () => {
    fixture = await open();
  });
  afterAll(async () => {
    await fixture?.close?.();
  });
  return () => {
    if (!fixture) throw new Error("the fixture was not opened");
    return fixture;
  };
}

/** How an `OpsError` of that code looks to `rejects.toMatchObject`. */
export function failure(code: string): { readonly name: string; readonly code: string } {
  return { name: "OpsError", code };
}
