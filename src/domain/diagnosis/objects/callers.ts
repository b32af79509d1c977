import * as z from "zod";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { workloadKinds } from "#domain/kubernetes/object.ts";
import { readWorkload, type Workload } from "#domain/kubernetes/workload.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { readService, type Service } from "./service-shape.ts";

/** A workload that names a Service of its namespace in its pod template, and so calls it. */
export interface Call {
  readonly caller: Workload;
  readonly service: Service;
  /** `variable API_URL of container app`; the value itself is never shown. */
  readonly where: string;
  /** The Service's port, when the text names one. */
  readonly port?: number;
}

const templateSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(
          z.object({
            name: z.string(),
            env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
            command: z.array(z.string()).default([]),
            args: z.array(z.string()).default([]),
          }),
        ),
      }),
    }),
  }),
});

interface Text {
  readonly where: string;
  readonly text: string;
  /** The name alone says that the text is an address. */
  readonly address: boolean;
}

/** Names of variables that hold an address, so that a bare name in them is a host. */
const ADDRESS = /(HOST|HOSTNAME|URL|URI|ADDR|ADDRESS|ENDPOINT|SERVER|SERVERS|BROKERS?|DSN)$/i;

export function callsIn(snapshot: Snapshot): readonly Call[] {
  const services = snapshot.of("services").map(readService);
  return workloadKinds.flatMap((kind) =>
    snapshot.of(kind).flatMap((object) => {
      const caller = readWorkload(kind, object);
      const near = services.filter(({ metadata }) => metadata.namespace === caller.namespace);
      const texts = textsOf(object);
      return near.flatMap((service) => callOf(caller, service, texts));
    }),
  );
}

function textsOf(object: KubeObject): readonly Text[] {
  const parsed = templateSchema.safeParse(object).data;
  return (parsed?.spec.template.spec.containers ?? []).flatMap(({ name, env, command, args }) => [
    ...env.map((each) => ({
      where: `variable ${quoted(each.name, 80)} of container ${name}`,
      text: each.value ?? "",
      address: ADDRESS.test(each.name),
    })),
    ...[...command, ...args].map((text) => ({
      where: `arguments of container ${name}`,
      text,
      address: false,
    })),
  ]);
}

function callOf(caller: Workload, service: Service, texts: readonly Text[]): readonly Call[] {
  for (const { where, text, address } of texts) {
    const found = mention(text, service, address);
    if (found) return [{ caller, service, where, ...found }];
  }
  return [];
}

/** A host is followed by a port, stands after `//` or `@`, has its namespace behind it, or is all that is there. */
function mention(text: string, { metadata }: Service, address: boolean) {
  const { name, namespace = "" } = metadata;
  const host = `${name}(?<full>\\.${namespace}(?:\\.svc[\\w.]*)?)?`;
  const pattern = new RegExp(
    `(?<before>^|//|@|[\\s,=])${host}(?::(?<port>\\d{1,5}))?(?=[/,\\s?]|$)`,
  );
  const { before = "", full, port } = pattern.exec(text)?.groups ?? {};
  if (!pattern.test(text)) return undefined;
  const sure = full !== undefined || port !== undefined || ["//", "@"].includes(before) || address;
  if (!sure) return undefined;
  return port === undefined ? {} : { port: Number(port) };
}
