import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cached, cacheKey } from "../cache.ts";

const sources = join(import.meta.dirname, "controlplane");
const files = ["go.mod", "go.sum", "main.go"];

const missing = `Go is needed to build the Kubernetes control plane, and there is no \`go\` on the PATH.
Install Go 1.26 or newer from https://go.dev/dl, then run this again. The first build takes 5 to 8 minutes; its result is kept.`;

/** The path of the control plane's binary, built from the Go module proxy when it is not cached. */
export async function controlPlaneBinary(): Promise<string> {
  const contents = files.map((file) => readFileSync(join(sources, file)));
  const flags = linkFlags(contents.join("\n"));
  const key = cacheKey(await goVersion(), flags, ...contents);
  return cached(`controlplane-${key}`, async (path) => {
    console.error("Building the Kubernetes control plane (5 to 8 minutes the first time) …");
    await execa("go", ["build", "-trimpath", "-buildvcs=false", `-ldflags=${flags}`, "-o", path], {
      cwd: sources,
      env: { CGO_ENABLED: "0" },
    });
  });
}

/** Without a version the server calls itself v0.0.0, and charts that ask for a kubeVersion fail. */
function linkFlags(module: string): string {
  const version = /^\tk8s\.io\/kubernetes v(1\.(\d+)\.\d+)$/m.exec(module);
  const set = (name: string, value = "") => `-X k8s.io/component-base/version.${name}=${value}`;
  return [
    "-s",
    "-w",
    set("gitVersion", `v${version?.[1]}`),
    set("gitMajor", "1"),
    set("gitMinor", version?.[2]),
    set("gitTreeState", "clean"),
    set("gitCommit", "module"),
  ].join(" ");
}

async function goVersion(): Promise<string> {
  const { stdout } = await execa("go", ["env", "GOVERSION", "GOOS", "GOARCH"], {
    cwd: sources,
  }).catch((error: unknown) => {
    throw new Error(missing, { cause: error });
  });
  return stdout;
}
