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

/** Seconds after the start in which the probe may fail before it counts. */
export function graceSeconds({
  initialDelaySeconds,
  periodSeconds,
  failureThreshold,
}: Probe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}
