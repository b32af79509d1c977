import { expect, test } from "vitest";
import type { Action } from "#domain/approvals/action.ts";
import { type Fault, type Seen, startFaultProxy } from "../backends/kubernetes/fault-proxy.ts";
import { cluster } from "../kubernetes/cluster.ts";
import { ended } from "./approved.ts";
import { type Answer, recordsIn, startServer } from "./server.ts";
import { type Cleanup, NAME, openStage, type Stage, stateFolder } from "./stage.ts";
import { expectOneRollback } from "./walk.ts";

const LIMIT = 280_000;

/** When the process ends, and what of it. */
interface Death {
  /** The request of Helm at which it happens: tells it from those before. */
  readonly at: () => (request: Seen) => boolean;
  /** What becomes of that request: it goes through unless something else is said. */
  readonly fault?: Fault;
  /** Whether Helm ends with the server. */
  readonly helmToo: boolean;
}

const firstWrite =
  () =>
  ({ method }: Seen) =>
    method === "POST" || method === "PATCH";

/** What Helm asks next once the workload is patched: it waits for the pods. */
function waiting(): (request: Seen) => boolean {
  let patched = false;
  return ({ method, path }) => {
    const already = patched;
    patched ||= method === "PATCH" && path.includes(`/deployments/${NAME}`);
    return already;
  };
}

/** A server that is killed while Helm works; the next one finds out what was done. */
export function crashes(): void {
  test(
    "killed before Helm wrote anything: not applied",
    async ({ onTestFinished }) => {
      const death: Death = { at: firstWrite, fault: { kind: "silence" }, helmToo: true };
      const { stage, answer } = await killed("killed-before", death, onTestFinished);
      expect(answer.value, answer.text).toMatchObject({ status: "not_applied" });
      expect(stage.writes()).toEqual([]);
    },
    LIMIT,
  );

  test(
    "killed while Helm goes on: applied once, and verified",
    async ({ onTestFinished }) => {
      const death: Death = { at: waiting, helmToo: false };
      const { stage, answer } = await killed("killed-alone", death, onTestFinished);
      expect(answer.value, answer.text).toMatchObject({
        status: "applied",
        verification: { outcome: "passed" },
      });
      expectOneRollback(stage);
    },
    LIMIT,
  );

  test(
    "killed with Helm half-way: nobody guesses, nothing is done twice",
    async ({ onTestFinished }) => {
      const death: Death = { at: waiting, helmToo: true };
      const { stage, answer } = await killed("killed-half-way", death, onTestFinished);
      expect(answer.value, answer.text).toMatchObject({ status: "unknown" });
      expectOneRollback(stage);
    },
    LIMIT,
  );
}

/** Kills the server at work, starts another on its records, and asks that one how the action ended. */
async function killed(
  namespace: string,
  death: Death,
  cleanup: Cleanup,
): Promise<{ readonly stage: Stage; readonly answer: Answer }> {
  const stage = await openStage(namespace);
  const stateDir = stateFolder(cleanup);
  const release = { release: NAME, namespace };
  await dies(stage, stateDir, release, death, cleanup);
  const action = await newest(stateDir, cleanup);
  expect(action?.state).toBe("applying");
  const next = await startServer({ stage, stateDir }, cleanup);
  // Each call looks whether the dead process still holds the action.
  const answer = await ended(next, action?.id, 5);
  const again = await next.call("helm_rollback", { ...release, approval_code: action?.code });
  expect(again.value).toMatchObject({ action_id: action?.id, status: answer.value.status });
  return { stage, answer };
}

/** A server that rolls back with a person's yes, through a proxy that sees when to kill it. */
async function dies(
  stage: Stage,
  stateDir: string,
  release: { readonly release: string; readonly namespace: string },
  death: Death,
  cleanup: Cleanup,
): Promise<void> {
  const proxy = await startFaultProxy(cluster());
  cleanup(() => proxy.stop());
  const token = await cluster().accountToken(stage.namespace, "firewatch");
  const name = `${stage.namespace}-through-proxy`;
  const kubeconfig = cluster().writeKubeconfig(name, { token, server: proxy.url });
  const person = () => ({ action: "accept", content: { approve: true, target: NAME } }) as const;
  const session = await startServer({ stage, stateDir, kubeconfig, person, apart: true }, cleanup);
  const dead = Promise.withResolvers<void>();
  const isDue = death.at();
  proxy.plan((request) => {
    if (!isDue(request)) return undefined;
    process.kill(death.helmToo ? -session.pid : session.pid, "SIGKILL");
    proxy.plan(() => death.fault);
    dead.resolve();
    return death.fault;
  });
  const call = session.call("helm_rollback", release);
  await Promise.race([dead.promise, call]);
  await expect(call).rejects.toThrow();
}

async function newest(stateDir: string, cleanup: Cleanup): Promise<Action | undefined> {
  const { actions } = await recordsIn(stateDir, cleanup);
  return (await actions.list(1))[0];
}
