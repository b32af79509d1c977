import { defineConfig } from "vitest/config";

/** Tests against real backends, which are started once for all of them. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: ["test/e2e/backends/kubernetes/setup.ts", "test/e2e/backends/aws/setup.ts"],
    fileParallelism: false,
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
