import { expect, test, vi } from "vitest";
import { cluster } from "../kubernetes/cluster.ts";
import { ended } from "./approved.ts";
import { type Session, startServer } from "./server.ts";
import { NAME, openStage, type Stage, stateFolder } from "./stage.ts";
import { deploymentIn } from "./walk.ts";

const LIMIT = 280_000;
const person = () => ({ action: "accept", content: { approve: true } }) as const;

/** Each action once: applied, verified, taken back. The call of the way back ends before its verification does. */
export function changes(): void {
  test(
    "a restart: new pods, verified; nothing takes it back",
    async ({ onTestFinished }) => {
      const stage = await openStage("restarted", [{}]);
      const session = await startServer(
        { stage, stateDir: stateFolder(onTestFinished), person },
        onTestFinished,
      );
      const { namespace } = stage;
      const before = await podsIn(namespace);
      const args = { deployment: NAME, namespace };
      const restart = await done(session, await session.call("kubectl_rollout_restart", args));
      expect(stage.writes()).toEqual([`patch deployments/${NAME}`]);
      const after = await podsIn(namespace);
      expect(after.filter((pod) => before.includes(pod))).toEqual([]);
      expect(after).toHaveLength(3);
      const undo = await session.call("undo_action", { action_id: restart });
      expect(undo.failed).toBe(true);
      expect(stage.writes()).toHaveLength(1);
    },
    LIMIT,
  );

  test(
    "a patched ConfigMap with the restart of its readers, and the way back",
    async ({ onTestFinished }) => {
      const stage = await openStage("patched", [{}]);
      const session = await startServer(
        { stage, stateDir: stateFolder(onTestFinished), person },
        onTestFinished,
      );
      const { namespace } = stage;
      const before = await podsIn(namespace);
      const change = { name: `${NAME}-config`, namespace, data: { max_connections: "80" } };
      const answer = await session.call("kubectl_patch_configmap", { ...change, restart: true });
      const patch = await done(session, answer);
      expect(await connectionsIn(namespace)).toBe("80");
      const middle = await podsIn(namespace);
      expect(middle.filter((pod) => before.includes(pod))).toEqual([]);
      const both = [`patch configmaps/${NAME}-config`, `patch deployments/${NAME}`];
      expect(stage.writes()).toEqual(both);
      await session.call("undo_action", { action_id: patch });
      expect(await connectionsIn(namespace)).toBe("50");
      expect((await podsIn(namespace)).filter((pod) => middle.includes(pod))).toEqual([]);
      expect(stage.writes()).toEqual([...both, ...both]);
    },
    LIMIT,
  );

  test(
    "a scaled workload of a release, and the way back",
    async ({ onTestFinished }) => {
      const stage = await openStage("scaled", [{}]);
      const session = await startServer(
        { stage, stateDir: stateFolder(onTestFinished), person },
        onTestFinished,
      );
      const { namespace } = stage;
      const args = { release: NAME, namespace, replicas: 5 };
      const scale = await done(session, await session.call("helm_scale", args));
      expect(await replicasIn(stage)).toEqual([5, 5]);
      await session.call("undo_action", { action_id: scale });
      await vi.waitFor(async () => expect(await replicasIn(stage)).toEqual([3, 3]), 20_000);
      expect(stage.writes()).toHaveLength(2);
    },
    LIMIT,
  );
}

/** The id of an action that ended well. */
async function done(session: Session, { value, text }: { value: object; text: string }) {
  const { action_id: id } = Object(value);
  expect(id, text).toEqual(expect.any(String));
  const answer = await ended(session, id);
  expect(answer.value, answer.text).toMatchObject({
    status: "applied",
    verification: { outcome: "passed" },
  });
  return String(id);
}

async function podsIn(namespace: string): Promise<readonly string[]> {
  const path = "jsonpath={.items[?(@.status.phase=='Running')].metadata.name}";
  const names = await cluster().kubectl(["get", "pods", "--namespace", namespace, "-o", path]);
  return names.split(" ");
}

function connectionsIn(namespace: string): Promise<string> {
  const path = "jsonpath={.data.max_connections}";
  const map = ["configmap", `${NAME}-config`, "--namespace", namespace];
  return cluster().kubectl(["get", ...map, "-o", path]);
}

async function replicasIn({ namespace }: Stage) {
  const { spec, status } = await deploymentIn(namespace);
  return [spec.replicas, status.readyReplicas];
}
