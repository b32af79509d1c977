import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stages } from "./stages.ts";

/** Where everything is; all of it on loopback, all files in one folder. */
export interface Layout {
  readonly folder: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiPort: number;
  readonly kubeletPort: number;
}

/** Who talks to the API server; the token is also the name of the user's kubeconfig. */
export interface Token {
  readonly user: string;
  readonly token: string;
}

const LOOPBACK = "127.0.0.1";

export function etcdArguments({ folder, etcdPort, etcdPeerPort }: Layout): readonly string[] {
  const client = `http://${LOOPBACK}:${etcdPort}`;
  const peer = `http://${LOOPBACK}:${etcdPeerPort}`;
  return [
    "etcd",
    "--name=etcd",
    `--data-dir=${join(folder, "etcd")}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=etcd=${peer}`,
  ];
}

/** Loopback is refused as an endpoint of the service `kubernetes`, so there is none. */
export function apiServerArguments(layout: Layout, tokens: readonly Token[]): readonly string[] {
  const file = (name: string) => join(layout.folder, name);
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(file("accounts.key"), privateKey, { mode: 0o600 });
  writeFileSync(file("accounts.pub"), publicKey);
  const rows = tokens.map(({ user, token }) => `${token},${user},${user},system:masters\n`);
  writeFileSync(file("tokens.csv"), rows.join(""), { mode: 0o600 });
  writeFileSync(file("audit-policy.json"), JSON.stringify(auditPolicy));
  return [
    "apiserver",
    `--etcd-servers=http://${LOOPBACK}:${layout.etcdPort}`,
    `--bind-address=${LOOPBACK}`,
    `--secure-port=${layout.apiPort}`,
    `--advertise-address=${LOOPBACK}`,
    "--endpoint-reconciler-type=none",
    `--cert-dir=${file("certificates")}`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${file("tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${file("accounts.pub")}`,
    `--service-account-signing-key-file=${file("accounts.key")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--shutdown-delay-duration=0s",
    `--audit-policy-file=${file("audit-policy.json")}`,
    `--audit-log-path=${file("audit.log")}`,
  ];
}

/** Who asked for what; nothing of the control plane's own traffic. */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "None", users: ["control-plane", "system:apiserver"] }, { level: "Metadata" }],
};

export function controllerArguments({ folder }: Layout, kubeconfig: string): readonly string[] {
  return [
    "controller-manager",
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    `--bind-address=${LOOPBACK}`,
    "--secure-port=0",
    `--service-account-private-key-file=${join(folder, "accounts.key")}`,
    `--root-ca-file=${join(folder, "certificates", "apiserver.crt")}`,
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
    "--concurrent-replicaset-syncs=10",
  ];
}

export function schedulerArguments({ folder }: Layout, kubeconfig: string): readonly string[] {
  const file = join(folder, "scheduler.json");
  const settings = {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig, qps: 500, burst: 1000 },
  };
  writeFileSync(file, JSON.stringify(settings));
  return ["scheduler", `--config=${file}`, "--secure-port=0", `--bind-address=${LOOPBACK}`];
}

/** kwok takes its own defaults for none of the parallelisms: each has to be set. */
export function kwokArguments(layout: Layout, kubeconfig: string): readonly string[] {
  const file = join(layout.folder, "kwok.yaml");
  const options = {
    manageAllNodes: true,
    serverAddress: `${LOOPBACK}:${layout.kubeletPort}`,
    nodeIP: LOOPBACK,
    nodePort: layout.kubeletPort,
    cidr: "10.244.0.0/16",
    nodeLeaseDurationSeconds: 40,
    nodeLeaseParallelism: 4,
    podPlayStageParallelism: 16,
    nodePlayStageParallelism: 4,
    podsOnNodeSyncParallelism: 8,
    enablePodsOnNodeSyncStreamWatch: true,
  };
  const configuration = {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokConfiguration",
    options,
  };
  const documents = [configuration, ...stages].map((document) => JSON.stringify(document));
  writeFileSync(file, documents.join("\n---\n"));
  return ["kwok", `--kubeconfig=${kubeconfig}`, `--config=${file}`];
}
