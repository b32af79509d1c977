import { expect, test } from "vitest";
import type { Cause } from "#domain/diagnosis/cause.ts";
import type { Confidence, Finding } from "#domain/diagnosis/finding.ts";
import { rank } from "#domain/diagnosis/rank.ts";

function finding(cause: Cause, affected: readonly string[], confidence: Confidence = "certain") {
  const evidence = [{ object: affected[0] ?? "", field: "f", value: cause }];
  return { cause, confidence, summary: cause, evidence, affected, remedy: "" };
}
const ranked = (found: readonly Finding[], subject = "Deployment data/web") =>
  rank(found, subject).map(({ cause }) => cause);

const POD = ["Pod data/web-1"];
const SERVICE = ["Service data/web"];
const DEPLOYMENT = ["Deployment data/web"];

test("a cause takes its consequences along", () => {
  const found = [
    finding("rollout_deadline", DEPLOYMENT),
    finding("service_pods_not_ready", SERVICE),
    finding("app_exit", POD),
  ];
  expect(ranked(found)).toEqual(["app_exit"]);
  expect(rank(found, "")[0]?.affected).toEqual([...POD, ...DEPLOYMENT, ...SERVICE]);
});

test("what is only possible explains nothing that is sure, and comes last", () => {
  const found = [
    finding("readiness_dependency", POD, "possible"),
    finding("service_pods_not_ready", SERVICE),
  ];
  expect(ranked(found)).toEqual(["service_pods_not_ready", "readiness_dependency"]);
});

test("what keeps pods from starting comes before what keeps traffic from them", () => {
  const found = [
    finding("service_selector", SERVICE),
    finding("hpa_at_maximum", ["HorizontalPodAutoscaler data/web"], "likely"),
    finding("missing_secret", POD),
  ];
  expect(ranked(found)).toEqual(["missing_secret", "service_selector", "hpa_at_maximum"]);
});

test("a Job whose pods end by themselves failed by its limit; one whose image is missing did not", () => {
  const job = finding("job_backoff", ["Job data/import"]);
  expect(ranked([finding("app_exit", POD), job])).toEqual(["job_backoff"]);
  expect(ranked([finding("image_not_found", POD), job])).toEqual(["image_not_found"]);
});

test("the same cause of the same thing is told once, with the evidence of both, each once", () => {
  const unsure = finding("unbound_claim", [...POD, "PersistentVolumeClaim data/db"], "likely");
  const [only, ...others] = rank([unsure, finding("unbound_claim", POD)], "");
  expect(others).toEqual([]);
  expect(only).toMatchObject({ confidence: "certain", evidence: [{ object: "Pod data/web-1" }] });
  expect(ranked([finding("app_exit", POD), finding("app_exit", ["Pod data/web-2"])])).toHaveLength(
    2,
  );
});
