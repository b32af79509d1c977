import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKubernetes } from "../../test/e2e/backends/kubernetes/start.ts";
import { toolsFolder } from "../../test/e2e/backends/kubernetes/tools.ts";
import type { Row, Suite } from "../suite.ts";
import { crowd, SICK } from "./crowd.ts";
import { type Question, questions, type ServerName } from "./questions.ts";
import { type Command, firewatch, goServer, nodeServer } from "./servers.ts";
import { type Answer, openSession, type Session } from "./session.ts";

export const peers: Suite = {
  name: "peers",
  question: "What do answers cost on 5,000 pods, beside other Kubernetes servers? Takes minutes.",
  async run() {
    const home = await mkdtemp(join(tmpdir(), "firewatch-bench-"));
    const cluster = await startKubernetes();
    try {
      const pods = await crowd(cluster);
      const env = { KUBECONFIG: cluster.kubeconfig, HOME: home, PATH: await pathWithTools() };
      const pod = await sickPod(cluster);
      const servers: Readonly<Record<ServerName, Command>> = {
        firewatch: firewatch(home),
        "kubernetes-mcp-server": await goServer(),
        "mcp-server-kubernetes": await nodeServer(),
      };
      const rows: Row[] = [];
      for (const [name, command] of Object.entries(servers)) {
        if (isName(name))
          rows.push(...(await measure(name, { ...command, env: { ...command.env, ...env } }, pod)));
      }
      return { rows, summary: { pods, ...summary(rows) } };
    } finally {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    }
  },
};

function isName(name: string): name is ServerName {
  return questions.some(({ calls }) => Object.hasOwn(calls, name));
}

/** The cluster's own kubectl and helm, for the servers that run them. */
async function pathWithTools(): Promise<string> {
  return `${await toolsFolder(4)}:${process.env.PATH ?? ""}`;
}

async function sickPod(cluster: Awaited<ReturnType<typeof startKubernetes>>): Promise<string> {
  const query = ["get", "pods", "-n", SICK.namespace, "-l", `app=${SICK.workload}`];
  return cluster.kubectl([...query, "-o", "jsonpath={.items[0].metadata.name}"]);
}

/** Every question to one server, one after another; memory is the most that it held up to then. */
async function measure(server: ServerName, command: Command, pod: string): Promise<readonly Row[]> {
  const session = await openSession(command);
  try {
    const rows: Row[] = [];
    for (const question of questions) rows.push(await row(server, session, question, pod));
    return rows;
  } finally {
    await session.close();
  }
}

async function row(
  server: ServerName,
  session: Session,
  question: Question,
  pod: string,
): Promise<Row> {
  const answers: Answer[] = [];
  for (const { tool, args } of question.calls[server]) {
    const given = Object.entries(args).map(([name, value]) => [
      name,
      value === "POD" ? pod : value,
    ]);
    answers.push(await session.ask(tool, Object.fromEntries(given)));
  }
  return {
    question: question.name,
    server,
    calls: answers.length,
    failed: answers.filter(({ failed }) => failed).length,
    ms: Math.round(total(answers.map(({ ms }) => ms))),
    tokens: total(answers.map(({ tokens }) => tokens)),
    peak_mib: Math.round(session.peakMiB()),
    names_cause: answers.some(({ text }) => /OOMKilled|oom_limit/.test(text)) ? "yes" : "no",
  };
}

function summary(rows: readonly Row[]): Readonly<Record<string, number>> {
  const own = (question: string) =>
    Number(rows.find((one) => one.server === "firewatch" && one.question === question)?.tokens);
  return {
    cluster_tokens: own("what is broken in the cluster"),
    workload_tokens: own("why is one workload broken"),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
