import { defineConfig } from "tsdown";

/** One file for the start and chunks for what is loaded on first use. What a start needs is bundled; the rest stays packages. */
export default defineConfig({
  entry: { server: "src/server.ts" },
  format: "esm",
  platform: "node",
  target: "node22.19",
  fixedExtension: false,
  minify: true,
  dts: false,
  deps: {
    alwaysBundle: [
      /^@modelcontextprotocol\/(server|core)/,
      /^zod/,
      "canonicalize",
      "diff",
      "execa",
      "minisearch",
      "re2js",
      "simple-statistics",
      "yaml",
    ],
  },
});
