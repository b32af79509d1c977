import { afterAll, beforeAll, expect, it } from "vitest";
import { openClusters } from "#adapters/live-clusters.ts";
import { argumentsOf, namedIn } from "../../../bench/diagnosis/ask.ts";
import type { Case } from "../../../bench/diagnosis/case.ts";
import { casesOf } from "../../../bench/diagnosis/cases.ts";
import { connect } from "../../support/connect.ts";
import { startLogServer } from "./log-server.ts";
import { casesOn } from "./put.ts";
import { type StillCluster, startStillCluster } from "./still-cluster.ts";

const NOW = new Date("2026-04-25T14:22:33Z");
const SEED = 11;
const all = casesOf(SEED, 1, NOW);
const titleOf = (one: Case) => `${one.cause ?? "healthy"} of ${one.subject.type}`;

/** One of each cause, and all that are healthy. */
const onceEach = all.filter(
  ({ cause }, index) =>
    cause === undefined || all.findIndex((one) => one.cause === cause) === index,
);
/** It changes what all of them share. */
const isShared = ({ cause }: Case) => cause === "dns_failure";

let cluster: StillCluster;
let kubelet: Awaited<ReturnType<typeof startLogServer>>;
let cases: ReturnType<typeof casesOn>;

beforeAll(async () => {
  cluster = await startStillCluster();
  kubelet = await startLogServer(cluster, onceEach);
  cases = casesOn(cluster, kubelet.port);
  await cases.put(onceEach.filter((one) => !isShared(one)));
});

afterAll(async () => {
  kubelet?.stop();
  await cluster?.stop();
});

/** A client of a server whose cluster is this one, at the cases' time. */
async function client() {
  const env = { KUBECONFIG: cluster.kubeconfig, HOME: "/", PATH: "" };
  const clusters = await openClusters({ contexts: [], env });
  if (!clusters) throw new Error("no cluster was found");
  const clock = { now: () => NOW, sleep: () => Promise.resolve() };
  const { call } = await connect({ world: () => ({ clock, clusters }) });
  return async (one: Case) => {
    const { value, text, failed } = await call("diagnose_workload", argumentsOf(one));
    if (failed) throw new Error(`${titleOf(one)}: ${text}`);
    return namedIn(value);
  };
}

/** More calls at once than this and some run out of their time. */
const AT_ONCE = 8;

async function namedFirst(some: readonly Case[]) {
  const diagnose = await client();
  const named: (readonly [string, string | undefined])[] = [];
  for (let from = 0; from < some.length; from += AT_ONCE) {
    const asked = some
      .slice(from, from + AT_ONCE)
      .map(async (one) => [titleOf(one), (await diagnose(one))[0]] as const);
    named.push(...(await Promise.all(asked)));
  }
  return Object.fromEntries(named);
}

const expected = (some: readonly Case[]) =>
  Object.fromEntries(some.map((one) => [titleOf(one), one.cause]));

it("names the cause of each case first, and none where all is well", async () => {
  const some = onceEach.filter((one) => !isShared(one));
  expect(await namedFirst(some)).toEqual(expected(some));
});

it("names a failure of the cluster's DNS", async () => {
  const some = onceEach.filter(isShared);
  await cases.replaceShared();
  await cases.put(some);
  expect(await namedFirst(some)).toEqual(expected(some));
});
