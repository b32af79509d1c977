import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 20_000,
  },
});
