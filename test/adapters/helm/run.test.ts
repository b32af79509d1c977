import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findHelm } from "#adapters/helm/find.ts";
import { helmReleases, helmVersion } from "#adapters/helm/releases.ts";
import { runHelm } from "#adapters/helm/run.ts";

const signal = new AbortController().signal;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firewatch-helm-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program called helm that does as the shell script says; returns its folder. */
function helmThat(script: string): string {
  const place = mkdtempSync(join(folder, "bin-"));
  writeFileSync(join(place, "helm"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(place, "helm"), 0o755);
  return place;
}

const target = (PATH: string) => ({ kubeconfig: "/k", context: "prod", env: { PATH } });

describe("running helm", () => {
  it("is not configured without the binary", async () => {
    expect(findHelm({ PATH: folder })).toBeUndefined();
    const listing = helmReleases(target(folder)).list({}, signal);
    await expect(listing).rejects.toMatchObject({ code: "not_configured" });
  });

  it("pins the context, and passes no shell, no other variable and no other target on", async () => {
    const PATH = helmThat('echo "$@"; /usr/bin/env');
    const env = {
      PATH,
      HOME: "/home/x",
      AWS_PROFILE: "ops",
      https_proxy: "http://proxy",
      HELM_KUBETOKEN: "stolen",
      HELM_KUBECONTEXT: "elsewhere",
      HELM_NAMESPACE: "elsewhere",
      SLACK_BOT_TOKEN: "xoxb",
      KUBECONFIG: "/other",
    };
    const args = ["list", "$(id)", "; id"];
    const done = await runHelm({ ...target(PATH), env }, args, { signal, timeoutSeconds: 10 });
    const [line, ...variables] = done.stdout.split("\n");
    expect(line).toBe("list $(id) ; id --kube-context prod");
    const names = variables.map((variable) => variable.split("=")[0]);
    expect(names.filter((name) => name !== "PWD" && name !== "_").sort()).toEqual([
      "AWS_PROFILE",
      "HOME",
      "KUBECONFIG",
      "PATH",
      "https_proxy",
    ]);
    expect(variables).toContain("KUBECONFIG=/k");
  });

  it("ends at the deadline and when cancelled", async () => {
    const PATH = helmThat("exec /bin/sleep 60");
    const reading = helmVersion(target(PATH), AbortSignal.timeout(100));
    await expect(reading).rejects.toMatchObject({ code: "timed_out" });
    const cancelled = helmVersion(target(PATH), AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  });

  it("refuses a version that it does not know, and answers that are none", async () => {
    const old = helmReleases(target(helmThat("echo v2.17.0"))).list({}, signal);
    await expect(old).rejects.toMatchObject({ code: "not_configured" });
    const odd = helmReleases(target(helmThat("echo v3.0.0"))).history(
      { namespace: "data", name: "etl" },
      signal,
    );
    await expect(odd).rejects.toMatchObject({ code: "backend_error" });
  });
});

describe("names that Helm is asked with", () => {
  it.each(["", "-n", "--kubeconfig=/x", "a b", "a;b", "../a", "a\n", "Ａ", "x".repeat(54)])(
    "%j is refused before anything runs",
    async (name) => {
      const releases = helmReleases(target(helmThat("exit 9")));
      const invalid = { code: "invalid_input" };
      const history = releases.history({ namespace: "data", name }, signal);
      await expect(history).rejects.toMatchObject(invalid);
      const content = releases.content({ namespace: `${name} `, name: "etl" }, 1, signal);
      await expect(content).rejects.toMatchObject(invalid);
    },
  );

  it.each([0, -1, 1.5, Number.NaN])("revision %j is refused", async (revision) => {
    const releases = helmReleases(target(helmThat("exit 9")));
    const content = releases.content({ namespace: "data", name: "etl" }, revision, signal);
    await expect(content).rejects.toMatchObject({ code: "invalid_input" });
  });
});
