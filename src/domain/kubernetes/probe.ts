import * as z from "zod";

/** A number, or the name of one of the container's ports. */
const portSchema = z.union([z.int(), z.string()]);

/** A probe of a container, with the API's defaults. */
export const probeSchema = z.object({
  httpGet: z.object({ path: z.string().default("/"), port: portSchema }).optional(),
  tcpSocket: z.object({ port: portSchema }).optional(),
  grpc: z.object({ port: z.int() }).optional(),
  initialDelaySeconds: z.int().default(0),
  periodSeconds: z.int().default(10),
  timeoutSeconds: z.int().default(1),
  failureThreshold: z.int().default(3),
});
export type Probe = z.output<typeof probeSchema>;

/** The port that the probe asks; a command has none. */
export function probePort({ httpGet, tcpSocket, grpc }: Probe): number | string | undefined {
  return httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
}

/** `GET /ready on port 8080 every 10 s, timeout 1 s, 3 failures allowed`. */
export function probeText(probe: Probe): string {
  const { httpGet, periodSeconds, timeoutSeconds, failureThreshold } = probe;
  const port = probePort(probe);
  const what = httpGet ? `GET ${httpGet.path}` : port === undefined ? "a command" : "a connection";
  const delay = probe.initialDelaySeconds > 0 ? `, first after ${probe.initialDelaySeconds} s` : "";
  return `${what}${port === undefined ? "" : ` on port ${port}`} every ${periodSeconds} s${delay}, timeout ${timeoutSeconds} s, ${failureThreshold} failures allowed`;
}

/** Seconds after the start in which the probe may fail before it counts. */
export function graceSeconds({
  initialDelaySeconds,
  periodSeconds,
  failureThreshold,
}: Probe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}
