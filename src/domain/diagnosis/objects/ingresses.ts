import * as z from "zod";
import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import { closest } from "#domain/text/closest.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { label, readWhole, scoped } from "./scoped.ts";
import { readService } from "./service-shape.ts";

const backendSchema = z.object({
  service: z
    .object({
      name: z.string(),
      port: z.object({ number: z.int().optional(), name: z.string().optional() }).prefault({}),
    })
    .optional(),
});
type Backend = z.output<typeof backendSchema>;

const ingressSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      ingressClassName: z.string().nullish(),
      defaultBackend: backendSchema.optional(),
      rules: z
        .array(
          z.object({
            host: z.string().default("*"),
            http: z
              .object({
                paths: z.array(
                  z.object({ path: z.string().default("/"), backend: backendSchema.prefault({}) }),
                ),
              })
              .optional(),
          }),
        )
        .nullish(),
      tls: z.array(z.object({ secretName: z.string().default("") })).nullish(),
    })
    .prefault({}),
  status: z
    .object({
      loadBalancer: z.object({ ingress: z.array(z.unknown()).nullish() }).prefault({}),
    })
    .prefault({}),
});
export type Ingress = z.output<typeof ingressSchema>;

export function readIngress(object: KubeObject): Ingress {
  return ingressSchema.parse(object);
}

interface Route {
  /** `rules[shop.example.com/api]`. */
  readonly field: string;
  readonly service: NonNullable<Backend["service"]>;
}

export function routesOf({ spec }: Ingress): readonly Route[] {
  const rules = (spec.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map(({ path, backend }) => ({ field: `rules[${host}${path}]`, backend })),
  );
  const all = [...rules, { field: "defaultBackend", backend: spec.defaultBackend ?? {} }];
  return all.flatMap(({ field, backend: { service } }) => (service ? [{ field, service }] : []));
}

/** Each backend's Service and port must exist in the Ingress's namespace. */
export const ingressBackend: Analyzer = (scope, snapshot) => {
  if (!readWhole(snapshot, "services")) return [];
  return scoped(scope, "ingresses").flatMap((object) => {
    const ingress = readIngress(object);
    const wrong = routesOf(ingress).flatMap((route) => {
      const why = faultOf(route, snapshot);
      return why === undefined ? [] : [{ ...route, why }];
    });
    return wrong.slice(0, 1).map((route) => backendFinding(ingress, route));
  });
};

function faultOf({ service: { name, port } }: Route, snapshot: Snapshot): string | undefined {
  const services = snapshot.of("services");
  const object = services.find(({ metadata }) => metadata.name === name);
  if (object === undefined) {
    const [like] = closest(
      name,
      services.map(({ metadata }) => metadata.name),
      1,
    );
    return `Service ${name} does not exist${like === undefined ? "" : `; there is ${like}`}`;
  }
  // The AWS load balancer controller's word for a backend that an annotation describes.
  if (port.name === "use-annotation") return undefined;
  const { ports } = readService(object).spec;
  const served = ports.some((each) =>
    port.name === undefined ? each.port === port.number : each.name === port.name,
  );
  const has = ports.map((each) => `${each.name} ${each.port}`.trim()).join(", ") || "none";
  return served
    ? undefined
    : `Service ${name} has no port ${port.name ?? port.number}; it has ${has}`;
}

function backendFinding(
  ingress: Ingress,
  { field, service, why }: Route & { why: string },
): Finding {
  const object = label("Ingress", ingress);
  const { name, namespace = "default" } = ingress.metadata;
  const port = service.port.name ?? service.port.number ?? "";
  return {
    cause: "ingress_backend",
    confidence: "certain",
    summary: `${object} sends ${quoted(field.replace(/^rules\[(.*)\]$/, "$1"), 120)} to a backend that is not there: ${why}.`,
    evidence: [
      { object, field: `spec.${field}.backend.service`, value: `${service.name}:${port}` },
    ],
    affected: [object],
    remedy: "Correct the backend's Service or port in the Ingress, or bring the Service back.",
    next: { tool: "kubectl_get", args: { resource_type: "ingresses", name, namespace } },
  };
}

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

/**
 * Controllers serve an Ingress whose class is theirs, or any without a class when theirs is the default. One that
 * has an address is served, whatever its class says.
 */
export const ingressClass: Analyzer = (scope, snapshot) => {
  if (!readWhole(snapshot, "ingressclasses")) return [];
  return scoped(scope, "ingresses").flatMap((object) => {
    const ingress = readIngress(object);
    const served = (ingress.status.loadBalancer.ingress ?? []).length > 0;
    const why = served ? undefined : classFault(ingress, snapshot.of("ingressclasses"));
    return why === undefined ? [] : [classFinding(ingress, why)];
  });
};

function classFault({ spec, metadata }: Ingress, classes: readonly KubeObject[]) {
  const names = classes.map((each) => each.metadata.name);
  const there = `there ${names.length === 0 ? "is none" : `is ${names.slice(0, 5).join(", ")}`}`;
  const named = spec.ingressClassName ?? metadata.annotations[CLASS_ANNOTATION];
  if (named !== undefined)
    return names.includes(named) ? undefined : `names class ${quoted(named, 80)}; ${there}`;
  const byDefault = classes.some((each) => each.metadata.annotations[DEFAULT_CLASS] === "true");
  return byDefault ? undefined : `names no class, and no class is the default; ${there}`;
}

function classFinding(ingress: Ingress, why: string): Finding {
  const object = label("Ingress", ingress);
  const { ingressClassName } = ingress.spec;
  return {
    cause: "ingress_class",
    confidence: ingressClassName ? "certain" : "likely",
    summary: `${object} ${why}. No controller has given it an address.`,
    evidence: [
      { object, field: "spec.ingressClassName", value: ingressClassName ?? "not set" },
      { object, field: "status.loadBalancer.ingress", value: "empty" },
    ],
    affected: [object],
    remedy: "Set spec.ingressClassName to a class that a controller of this cluster serves.",
    next: { tool: "kubectl_get", args: { resource_type: "ingressclasses" } },
  };
}
