import { expect, test } from "vitest";
import { frontText, servicesInFront } from "#domain/kubernetes/blast-radius.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { condition, deployment, NOW, object, ownedBy, pod } from "../../support/objects.ts";

const workload = readWorkload("deployments", deployment("web"));
const service = (name: string, selector: object) => object(name, { spec: { selector } });
const ready = (name: string, owner: string) =>
  readPod(
    pod(name, {
      metadata: ownedBy("Deployment", owner),
      status: { conditions: [condition("Ready", "True")] },
    }),
  );
const own = [ready("web-1", "web"), ready("web-2", "web")];
const facts = { replicaSets: [], pods: own, events: [], now: NOW };
const none = { services: [], ingresses: [], httproutes: [], unseen: [] };

test("Services whose whole selector fits are in front; one without a selector is not", () => {
  const services = [
    service("web", { app: "web" }),
    service("canary", { app: "web", track: "canary" }),
    service("external", {}),
  ];
  expect(servicesInFront(workload, services)).toEqual([{ name: "web", labelSelector: "app=web" }]);
});

test("a share of the traffic is told where others take part", () => {
  const others = ["a", "b", "c"].map((name) => ready(name, "old"));
  const text = frontText(workload, facts, [{ name: "web", pods: [...own, ...others] }], none);
  expect(text).toBe("In front: service/web (2 of 5 ready pods, about 40% of its traffic).");
});

test("routes to the Service are named, whichever way they name it", () => {
  const backend = { service: { name: "web", port: { number: 80 } } };
  const around = {
    ...none,
    ingresses: [
      object("shop", { spec: { rules: [{ http: { paths: [{ path: "/", backend }] } }] } }),
      object("all", { spec: { defaultBackend: backend } }),
      object("other", { spec: { defaultBackend: { service: { name: "other" } } } }),
    ],
    httproutes: [object("gate", { spec: { rules: [{ backendRefs: [{ name: "web" }] }] } })],
  };
  const text = frontText(workload, facts, [{ name: "web", pods: own }], around);
  expect(text).toBe(
    "In front: service/web (all of its 2 ready pods), ingress/shop, ingress/all, httproute/gate.",
  );
});

test("what cannot be seen is not taken for nothing", () => {
  expect(frontText(workload, facts, [], none)).toBe("No Service selects its pods.");
  expect(frontText(workload, facts, [], { ...none, unseen: ["services"] })).toBe(
    "Services in front of it could not be seen.",
  );
});
