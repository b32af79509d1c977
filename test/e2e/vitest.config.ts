import { defineConfig } from "vitest/config";

/** What needs no backend. */
const ALONE = ["conformance", "protocol", "install"].map((name) => `test/e2e/${name}/**/*.test.ts`);

/** `--project protocol` runs the built server alone; without it the backends are started as well, once for all tests. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: "protocol", include: ALONE, globalSetup: ["test/e2e/protocol/setup.ts"] },
      },
      {
        extends: true,
        test: {
          name: "backends",
          include: ["test/e2e/**/*.test.ts"],
          exclude: ALONE,
          globalSetup: ["test/e2e/backends/kubernetes/setup.ts", "test/e2e/backends/aws/setup.ts"],
        },
      },
    ],
    fileParallelism: false,
    // More at once than two cores carry, and calls run out of their time.
    maxConcurrency: 4,
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
