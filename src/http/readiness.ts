import type { House } from "#ports/index.ts";

/** What keeps the server from working, by name. Backends do not count: others may still work. */
export async function notReady(house: House): Promise<readonly string[]> {
  const checks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["store", async () => (await house.records()).audit.read(0, 1)],
    ["policy", () => house.policy.load()],
  ];
  const failing = await Promise.all(
    checks.map(async ([name, check]) =>
      check().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return failing.flat();
}
