import { describe, expect, it } from "vitest";
import { object } from "../../../support/objects.ts";
import { row } from "../../../support/rows.ts";

describe("the network", () => {
  it("shows a service's ports and selector", () => {
    const spec = {
      type: "NodePort",
      clusterIP: "10.0.0.1",
      selector: { app: "etl" },
      ports: [
        { name: "http", port: 80, targetPort: "web", nodePort: 30080 },
        { port: 53, protocol: "UDP" },
      ],
    };
    expect(row("services", object("etl", { spec }))).toMatchObject({
      state: "NodePort",
      ports: "http 80->web/TCP node 30080, 53/UDP",
      selector: "app=etl",
    });
  });

  it("notices a load balancer that has no address", () => {
    const spec = { type: "LoadBalancer", ports: [] };
    const status = { loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } };
    expect(row("services", object("etl", { spec }))?.health).toBe("waiting");
    expect(row("services", object("etl", { spec, status }))).toMatchObject({
      health: "well",
      external: "lb.example.com",
    });
  });

  it("counts ready and unready endpoints", () => {
    const slice = (endpoints: unknown) => {
      const labels = { "kubernetes.io/service-name": "etl" };
      return row(
        "endpointslices",
        object("etl-x", { endpoints, ports: [{ name: "http", port: 8080 }] }, { labels }),
      );
    };
    const unready = { conditions: { ready: false }, targetRef: { kind: "Pod", name: "etl-1" } };
    expect(slice([unready, { addresses: ["10.0.0.2"] }])).toMatchObject({
      state: "Partly ready",
      service: "etl",
      ready: "1",
      not_ready: "1",
      not_ready_pods: "etl-1",
      ports: "http 8080",
    });
    expect(slice([unready])?.state).toBe("No ready endpoint");
    expect(slice(null)?.state).toBe("No ready endpoint");
  });

  it("shows an ingress's class, hosts and backends", () => {
    const backend = { service: { name: "etl", port: { number: 80 } } };
    const spec = {
      ingressClassName: "nginx",
      rules: [{ host: "etl.example.com", http: { paths: [{ path: "/api", backend }] } }],
      tls: [{ secretName: "etl-tls" }],
    };
    expect(row("ingresses", object("etl", { spec }))).toMatchObject({
      state: "Without address",
      class: "nginx",
      hosts: "etl.example.com",
      backends: "/api -> etl:80",
      tls: "etl-tls",
    });
    expect(row("ingresses", object("bare", {}))?.class).toBe("none");
  });
});
