import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

const LISTED = fileURLToPath(new URL("src/listed.ts", import.meta.url));

/** What lists show is found out here, so that a start need not. */
const listedAtBuild = {
  name: "listed-at-build",
  async load(id: string) {
    if (id !== LISTED) return undefined;
    const listed = Object.entries(await import("./src/listed.ts"));
    return listed
      .map(
        ([name, value]) =>
          `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`,
      )
      .join("\n");
  },
};

/** One file for the start and chunks for what is loaded on first use. What a start needs is bundled; the rest stays packages. */
export default defineConfig({
  entry: { server: "src/server.ts" },
  format: "esm",
  platform: "node",
  target: "node22.19",
  fixedExtension: false,
  minify: true,
  dts: false,
  plugins: [listedAtBuild],
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
