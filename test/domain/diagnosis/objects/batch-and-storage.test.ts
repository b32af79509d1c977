import { expect, test } from "vitest";
import {
  ago,
  condition,
  container,
  deployment,
  event,
  object,
  pod,
  waiting,
} from "../../../support/objects.ts";
import { causesOf, told, type World } from "./diagnosed.ts";

const failed = (reason: string) => ({
  jobs: [
    object("import", {
      spec: { backoffLimit: 3, activeDeadlineSeconds: 600 },
      status: { failed: 4, conditions: [condition("Failed", "True", reason)] },
    }),
  ],
});

test("a Job that failed by its pods or at its deadline", () => {
  expect(told(failed("BackoffLimitExceeded"), "jobs")).toEqual([
    "job_backoff (certain): Job data/import failed: its pods failed more often than backoffLimit allows (4 pods failed, backoffLimit 3).",
  ]);
  expect(told(failed("DeadlineExceeded"), "jobs")).toEqual([
    "job_deadline (certain): Job data/import was ended at its deadline of 10m, with 0 succeeded and 4 failed.",
  ]);
  const done = object("import", { status: { conditions: [condition("Complete", "True")] } });
  expect(causesOf({ jobs: [done] }, "jobs")).toEqual([]);
});

const cronJob = (spec: object, last?: string) =>
  object("nightly", {
    spec: { schedule: "*/10 * * * *", ...spec },
    status: last ? { lastScheduleTime: last } : {},
  });
const cron = (spec: object, last?: string): World => ({ cronjobs: [cronJob(spec, last)] });

test("a CronJob that is suspended", () => {
  expect(told(cron({ suspend: true }, ago(90)), "cronjobs")).toEqual([
    "cronjob_suspended (certain): CronJob data/nightly is suspended: it starts no runs. Last run: 2026-04-25T12:30:00Z; schedule */10 * * * *.",
  ]);
});

test("a CronJob that missed its runs", () => {
  expect(told(cron({}, ago(60)), "cronjobs")).toEqual([
    "cronjob_missed (likely): CronJob data/nightly missed its runs: due at 2026-04-25T13:40:00Z. Last run: 2026-04-25T13:00:00Z; schedule */10 * * * *.",
  ]);
  expect(causesOf(cron({}, ago(10)), "cronjobs")).toEqual([]);
  expect(causesOf(cron({}, ago(20)), "cronjobs")).toEqual([]);
  expect(causesOf(cron({ timeZone: "Asia/Tokyo" }, ago(60)), "cronjobs")).toEqual([]);
  const said = event("CronJob/nightly", "TooManyMissedTimes", { message: "too many missed" });
  const certain = { ...cron({ timeZone: "Asia/Tokyo" }, ago(60)), events: [said] };
  expect(told(certain, "cronjobs")[0]).toContain("cronjob_missed (certain)");
  const since = { ...cron({}, ago(0)), events: [said] };
  expect(causesOf(since, "cronjobs")).toEqual([]);
});

const claim = (spec: object, phase = "Pending") => object("data-0", { spec, status: { phase } });
const storage = (spec: object, more: World = {}): World => ({
  persistentvolumeclaims: [claim(spec)],
  storageclasses: [object("gp3", { provisioner: "ebs.csi.aws.com" }, { namespace: undefined })],
  ...more,
});
const kind = "persistentvolumeclaims";

test("why a claim is not bound", () => {
  expect(told(storage({ storageClassName: "fast" }), kind)).toEqual([
    "unbound_claim (certain): PersistentVolumeClaim data/data-0 is not bound: StorageClass fast does not exist; there is gp3.",
  ]);
  expect(told(storage({}), kind)).toEqual([
    "unbound_claim (certain): PersistentVolumeClaim data/data-0 is not bound: it names no StorageClass, and none is the default; there is gp3.",
  ]);
  const about = (reason: string, minutesAgo: number) => ({
    events: [
      event("PersistentVolumeClaim/data-0", reason, { minutesAgo, message: "could not create" }),
    ],
  });
  const gp3 = { storageClassName: "gp3" };
  expect(told(storage(gp3, about("ProvisioningFailed", 1)), kind)).toEqual([
    'unbound_claim (certain): PersistentVolumeClaim data/data-0 is not bound: ProvisioningFailed: "could not create".',
  ]);
  expect(told(storage(gp3, about("ExternalProvisioning", 1)), kind)).toEqual([
    "unbound_claim (likely): PersistentVolumeClaim data/data-0 is not bound: its driver ebs.csi.aws.com has not answered since 2026-04-25T13:49Z.",
  ]);
  const waits = storage(gp3, about("WaitForFirstConsumer", 1));
  expect(causesOf(waits, kind)).toEqual([]);
  const lost = { persistentvolumeclaims: [claim({ volumeName: "pv-1" }, "Lost")] };
  expect(told(lost, kind)[0]).toContain('it has lost "pv-1"');
});

test("a volume in a zone where no node takes pods", () => {
  const volume = (zone: string) =>
    object(
      "pv-1",
      {
        spec: {
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] },
                  ],
                },
              ],
            },
          },
        },
      },
      { namespace: undefined },
    );
  const waits = pod("db-0", {
    spec: { nodeName: "" },
    containers: [],
    status: {
      phase: "Pending",
      conditions: [condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available")],
    },
  });
  const node = object(
    "node-a",
    { status: { conditions: [condition("Ready", "True")] } },
    { namespace: undefined, labels: { "topology.kubernetes.io/zone": "eu-1a" } },
  );
  const world = (zone: string): World => ({
    pods: [waits],
    nodes: [node],
    persistentvolumes: [volume(zone)],
    persistentvolumeclaims: [claim({ volumeName: "pv-1", storageClassName: "gp3" }, "Bound")],
  });
  expect(told(world("eu-1b"), "pods")).toEqual([
    "volume_zone (certain): PersistentVolume pv-1 lies in zone eu-1b, and the nodes that take pods are in eu-1a.",
  ]);
  expect(causesOf(world("eu-1a"), "pods")).toEqual([]);
  const unread = { unread: ["nodes"] } as const;
  expect(causesOf(world("eu-1b"), "pods", unread)).toEqual([]);
  const message = "0/900 nodes are available: 900 node(s) had volume node affinity conflict";
  const said = { conditions: [condition("PodScheduled", "False", "Unschedulable", message)] };
  const refused = pod("db-0", { spec: { nodeName: "" }, containers: [], status: said });
  expect(told({ ...world("eu-1b"), pods: [refused] }, "pods", unread)).toEqual([
    "volume_zone (likely): PersistentVolume pv-1 lies in zone eu-1b, and the scheduler finds no node there that takes the pod.",
  ]);
});

test("rights that a sick pod complains of", () => {
  const line =
    'pods is forbidden: User "system:serviceaccount:data:etl" cannot list resource "pods" in API group "" in the namespace "data"';
  const world = (sick: boolean): World => ({
    deployments: [deployment("etl")],
    pods: [pod("etl-1", sick ? { containers: [container(waiting("CrashLoopBackOff"))] } : {})],
  });
  expect(told(world(true), "deployments", { lines: ["start", line] })).toEqual([
    "service_account (likely): Pod data/etl-1 is refused by the API server: ServiceAccount data/etl may not list pods.",
  ]);
  expect(causesOf(world(false), "deployments", { lines: [line] })).toEqual([]);
  const said = (text: string) => told(world(true), "deployments", { lines: [text] });
  expect(said("AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity")).toEqual([
    "service_account (likely): Pod data/etl-1 cannot take on its AWS role: AWS refuses its ServiceAccount's token.",
  ]);
  expect(said("Unauthorized: the service account token has expired")).toEqual([
    "service_account (likely): Pod data/etl-1 is refused by the API server: its token has expired or is not valid.",
  ]);
  expect(said("403 from the shop")).toEqual([]);
});

test("a certificate that has ended or ends within a week", () => {
  const world = (minutes: number): World => ({
    ingresses: [
      object("shop", {
        spec: { tls: [{ secretName: "shop-tls" }] },
        status: { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } },
      }),
    ],
    secrets: [
      object("shop-tls", { data: { "tls.crt": "" }, certificateEnds: { "tls.crt": ago(minutes) } }),
    ],
  });
  expect(told(world(1500), "ingresses")).toEqual([
    "certificate_expired (certain): The certificate in Secret data/shop-tls, which Ingress data/shop serves, expired 1d 1h ago, at 2026-04-24T13:00:00Z.",
  ]);
  expect(told(world(-3000), "ingresses")[0]).toContain("(likely)");
  expect(causesOf(world(-20_000), "ingresses")).toEqual([]);
});
