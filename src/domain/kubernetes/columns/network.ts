import * as z from "zod";
import { cells, each, nameAndAge, names, pairs } from "./row.ts";

const portNumber = z.union([z.int(), z.string()]);

const serviceSchema = z.object({
  spec: z.object({
    type: z.string().default("ClusterIP"),
    clusterIP: z.string().default(""),
    externalName: z.string().default(""),
    selector: z.record(z.string(), z.string()).nullish(),
    ports: z
      .array(
        z.object({
          name: z.string().default(""),
          port: z.int(),
          targetPort: portNumber.optional(),
          nodePort: z.int().optional(),
          protocol: z.string().default("TCP"),
        }),
      )
      .default([]),
  }),
  status: z.object({ loadBalancer: z.unknown() }).partial().prefault({}),
});
type ServicePort = z.output<typeof serviceSchema>["spec"]["ports"][number];

const loadBalancerSchema = z.object({
  ingress: z
    .array(z.object({ ip: z.string().default(""), hostname: z.string().default("") }))
    .default([]),
});

export const serviceRows = each((object, view) => {
  const { spec, status } = serviceSchema.parse(object);
  const external = addresses(status.loadBalancer);
  const pending = spec.type === "LoadBalancer" && external === "";
  const { name, age } = nameAndAge(object, view);
  return {
    state: pending ? "LoadBalancer without address" : spec.type,
    health: pending ? "waiting" : "well",
    cells: cells({
      name,
      type: spec.type,
      cluster_ip: spec.clusterIP,
      external: external || spec.externalName,
      ports: spec.ports.map(portText).join(", "),
      selector: pairs(spec.selector ?? {}),
      age,
    }),
  };
});

/** `http 80->8080/TCP`. */
function portText({ name, port, targetPort, nodePort, protocol }: ServicePort): string {
  const target = targetPort === undefined || targetPort === port ? "" : `->${targetPort}`;
  const node = nodePort === undefined ? "" : ` node ${nodePort}`;
  return `${name} ${port}${target}/${protocol}${node}`.trim();
}

function addresses(loadBalancer: unknown): string {
  const { ingress } = loadBalancerSchema.parse(loadBalancer ?? {});
  return ingress.map(({ ip, hostname }) => hostname || ip).join(", ");
}

const endpointSliceSchema = z.object({
  endpoints: z
    .array(
      z.object({
        conditions: z.object({ ready: z.boolean().nullish() }).prefault({}),
        targetRef: z.object({ name: z.string().default("") }).nullish(),
      }),
    )
    .nullish(),
  ports: z.array(z.object({ name: z.string().nullish(), port: z.int().nullish() })).nullish(),
});

export const endpointSliceRows = each((object, view) => {
  const slice = endpointSliceSchema.parse(object);
  const endpoints = slice.endpoints ?? [];
  // An absent condition means ready.
  const unready = endpoints.filter(({ conditions }) => conditions.ready === false);
  const ready = endpoints.length - unready.length;
  const { name, age } = nameAndAge(object, view);
  return {
    ...readiness(ready, unready.length),
    cells: cells({
      name,
      service: object.metadata.labels["kubernetes.io/service-name"],
      ready,
      not_ready: unready.length,
      not_ready_pods: names(
        unready.flatMap(({ targetRef }) => targetRef?.name ?? []),
        5,
      ),
      ports: (slice.ports ?? [])
        .map((port) => `${port.name ?? ""} ${port.port ?? ""}`.trim())
        .join(", "),
      age,
    }),
  };
});

function readiness(ready: number, unready: number) {
  if (ready === 0) return { state: "No ready endpoint", health: "failing" } as const;
  return unready > 0
    ? ({ state: "Partly ready", health: "waiting" } as const)
    : ({ state: "Ready", health: "well" } as const);
}

const ingressSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
  spec: z
    .object({
      ingressClassName: z.string().nullish(),
      defaultBackend: z.unknown().optional(),
      rules: z
        .array(
          z.object({
            host: z.string().default("*"),
            http: z
              .object({
                paths: z.array(z.object({ path: z.string().default("/"), backend: z.unknown() })),
              })
              .optional(),
          }),
        )
        .default([]),
      tls: z.array(z.object({ secretName: z.string().default("") })).default([]),
    })
    .prefault({}),
  status: z.object({ loadBalancer: z.unknown() }).partial().prefault({}),
});
type Rule = z.output<typeof ingressSchema>["spec"]["rules"][number];

const backendSchema = z.object({
  service: z
    .object({
      name: z.string(),
      port: z.object({ number: z.int().optional(), name: z.string().optional() }).prefault({}),
    })
    .optional(),
});

export const ingressRows = each((object, view) => {
  const { metadata, spec, status } = ingressSchema.parse(object);
  const address = addresses(status.loadBalancer);
  const { name, age } = nameAndAge(object, view);
  return {
    state: address === "" ? "Without address" : "With address",
    health: address === "" ? "waiting" : "well",
    cells: cells({
      name,
      class: spec.ingressClassName ?? metadata.annotations["kubernetes.io/ingress.class"] ?? "none",
      hosts: names(
        spec.rules.map(({ host }) => host),
        10,
      ),
      backends: names(spec.rules.flatMap(backends), 10),
      tls: spec.tls.map(({ secretName }) => secretName).join(", "),
      address,
      age,
    }),
  };
});

/** `/api -> web:80`. */
function backends({ http }: Rule): readonly string[] {
  return (http?.paths ?? []).map(({ path, backend }) => {
    const { service } = backendSchema.parse(backend ?? {});
    const port = service?.port.number ?? service?.port.name;
    return service ? `${path} -> ${service.name}${port === undefined ? "" : `:${port}`}` : path;
  });
}
