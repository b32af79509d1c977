import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { type AuditEvent, readAudit } from "./audit.ts";
import { type HelmMajor, toolsFolder } from "./tools.ts";

/** The name of the kubeconfigs' only context. */
export const CONTEXT = "test";

const factsSchema = z.object({ server: z.string(), authority: z.string(), admin: z.string() });

/** How to reach a cluster: its URL, its certificate in base64, the administrator's token. */
export type ClusterFacts = z.output<typeof factsSchema>;

/** A running cluster, seen from a test. */
export interface Cluster {
  readonly folder: string;
  readonly server: string;
  /** The administrator's. */
  readonly kubeconfig: string;
  kubectl(args: readonly string[], input?: string): Promise<string>;
  helm(major: HelmMajor, args: readonly string[]): Promise<string>;
  /** The environment in which Firewatch finds that Helm and this cluster. */
  environment(major: HelmMajor, kubeconfig?: string): Promise<Record<string, string>>;
  /** Writes a kubeconfig for another token, or for the server under another address, and gives its path. */
  writeKubeconfig(name: string, options: KubeconfigOptions): string;
  /** A ServiceAccount's token, good for an hour, and a kubeconfig with such a token. */
  accountToken(namespace: string, account: string): Promise<string>;
  accountKubeconfig(namespace: string, account: string): Promise<string>;
  audit(user: string): readonly AuditEvent[];
}

export interface KubeconfigOptions {
  readonly token: string;
  readonly server?: string;
  /** Certificate of the server, in base64. */
  readonly authority?: string;
}

export function writeFacts(folder: string, facts: ClusterFacts): void {
  writeFileSync(join(folder, "facts.json"), JSON.stringify(facts), { mode: 0o600 });
}

/** The cluster that was started in the folder; works in any process. */
export function attachCluster(folder: string): Cluster {
  const facts = factsSchema.parse(JSON.parse(readFileSync(join(folder, "facts.json"), "utf8")));
  const kubeconfig = writeKubeconfig(folder, "admin", facts, { token: facts.admin });
  const run = async (binary: string, args: readonly string[], major: HelmMajor, input?: string) => {
    const env = { KUBECONFIG: kubeconfig, HOME: folder };
    const path = join(await toolsFolder(major), binary);
    const { stdout } = await execa(path, args, { env, ...(input ? { input } : {}) });
    return stdout;
  };
  const kubectl: Cluster["kubectl"] = (args, input) => run("kubectl", args, 4, input);
  const accountToken = async (namespace: string, account: string) => {
    const args = ["create", "token", account, "--namespace", namespace, "--duration", "1h"];
    return (await kubectl(args)).trim();
  };
  return {
    folder,
    server: facts.server,
    kubeconfig,
    kubectl,
    helm: (major, args) => run("helm", args, major),
    async environment(major, file = kubeconfig) {
      const path = `${await toolsFolder(major)}:${process.env.PATH ?? ""}`;
      return { PATH: path, HOME: folder, KUBECONFIG: file };
    },
    writeKubeconfig: (name, options) => writeKubeconfig(folder, name, facts, options),
    accountToken,
    async accountKubeconfig(namespace, account) {
      const token = await accountToken(namespace, account);
      return writeKubeconfig(folder, `${namespace}-${account}`, facts, { token });
    },
    audit: (user) => readAudit(join(folder, "audit.log"), user),
  };
}

export function writeKubeconfig(
  folder: string,
  name: string,
  facts: Omit<ClusterFacts, "admin">,
  { token, server = facts.server, authority = facts.authority }: KubeconfigOptions,
): string {
  const path = join(folder, `${name}.kubeconfig`);
  const cluster = { server, "certificate-authority-data": authority };
  const content = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": CONTEXT,
    clusters: [{ name: CONTEXT, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: name } }],
  };
  // Whole or not at all, for others may be reading it.
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(content, null, 1), { mode: 0o600 });
  renameSync(draft, path);
  return path;
}
