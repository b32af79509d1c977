import * as z from "zod";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { CANARY_WEIGHT } from "./traffic-shift.ts";
import type { PlannedShift } from "./traffic-split.ts";

const PREFIX = "nginx.ingress.kubernetes.io/canary";

const ingressSchema = z.object({
  spec: z
    .object({
      rules: z
        .array(
          z.object({
            host: z.string().default("*"),
            http: z
              .object({
                paths: z.array(
                  z.object({
                    path: z.string().default("/"),
                    backend: z.object({ service: z.object({ name: z.string() }).optional() }),
                  }),
                ),
              })
              .optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

interface Route {
  readonly where: string;
  readonly service: string;
}

function routesOf(object: KubeObject): readonly Route[] {
  return ingressSchema.parse(object).spec.rules.flatMap(({ host, http }) =>
    (http?.paths ?? []).flatMap(({ path, backend }) => {
      const service = backend.service?.name;
      return service === undefined ? [] : [{ where: `${host}${path}`, service }];
    }),
  );
}

/** Another weight of a canary Ingress. `ingresses`: all of the namespace, its main one among them. */
export function shiftCanary(
  object: KubeObject,
  asked: number | null,
  ingresses: readonly KubeObject[],
): PlannedShift {
  const { name, namespace = "" } = object.metadata;
  const { before, after, total } = weightsOf(object, asked);
  const more = Number(after ?? 0) > Number(before ?? 0);
  const gaining = more ? routesOf(object) : mainRoutes(object, ingresses);
  return {
    shift: { kind: "ingresses", namespace, name, weight: after },
    diff: [
      `Ingress ${namespace}/${name}`,
      `  metadata.annotations["${CANARY_WEIGHT}"]: ${before ?? "not set"} → ${after ?? "not set"}`,
    ],
    undo: { weight: before === null ? null : Number(before) },
    gaining: [...new Set(gaining.map(({ service }) => service))],
    summary: `Have canary ingress ${namespace}/${name} take ${after ?? 0} of ${total} requests instead of ${before ?? 0}.`,
    warnings: warningsOf(object, gaining.length > 0),
  };
}

/** The annotation's values; absent means 0. Throws when the weight cannot be set, or already is. */
function weightsOf(object: KubeObject, asked: number | null) {
  const { name, annotations } = object.metadata;
  if (!isCanary(object)) throw noCanary(name);
  const total = Number(annotations[`${PREFIX}-weight-total`] ?? 100);
  const before = annotations[CANARY_WEIGHT] ?? null;
  const after = asked === null ? null : String(asked);
  if (after === before) throw asItIs(name, before);
  if (Number(after) > total) throw tooMuch(name, total);
  return { before, after, total };
}

function isCanary({ metadata }: KubeObject): boolean {
  return metadata.annotations[PREFIX] === "true";
}

/** Where the rest of the canary's requests goes. */
function mainRoutes(canary: KubeObject, ingresses: readonly KubeObject[]): readonly Route[] {
  const own = new Set(routesOf(canary).map(({ where }) => where));
  return ingresses
    .filter((other) => !isCanary(other))
    .flatMap(routesOf)
    .filter(({ where }) => own.has(where));
}

function warningsOf({ metadata }: KubeObject, known: boolean): readonly string[] {
  const byRule = [`${PREFIX}-by-header`, `${PREFIX}-by-cookie`].some(
    (rule) => metadata.annotations[rule] !== undefined,
  );
  return [
    ...(known
      ? []
      : [
          "The main ingress of its hosts and paths was not found: where the requests go instead is not known.",
        ]),
    ...(byRule ? ["A header or cookie rule of this ingress goes before the weight."] : []),
  ];
}

function noCanary(name: string): OpsError {
  return new OpsError(
    "refused",
    `Ingress ${name} is no canary: ${PREFIX} is not "true" on it.`,
    "Name the canary Ingress; kubectl_get of ingresses lists them.",
  );
}

function asItIs(name: string, weight: string | null): OpsError {
  const message = `Ingress ${name} has ${weight === null ? "no weight" : `weight ${weight}`} already.`;
  return new OpsError("no_change", message, "Look at the pods behind it instead.");
}

function tooMuch(name: string, total: number): OpsError {
  const message = `Weights of ingress ${name} go up to ${total}.`;
  return new OpsError("invalid_input", message, `Give a weight from 0 to ${total}.`);
}
