import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { STS } from "@aws-sdk/client-sts";
import type { HttpHandlerOptions } from "@smithy/types";
import { orAborted } from "#domain/abort.ts";
import { awsError } from "./errors.ts";

/** An action as IAM policies name it. */
export type IamAction = `${"cloudwatch" | "logs" | "sts"}:${string}`;

/** Sends one request of one action, until it is answered or the signal aborts. Failures are `OpsError`. */
export interface Connection<Client> {
  readonly region: string;
  send<Answer>(
    action: IamAction,
    signal: AbortSignal,
    request: (client: Client, options: HttpHandlerOptions) => Promise<Answer>,
  ): Promise<Answer>;
}

export const toCloudWatch = (region: string): Connection<CloudWatch> =>
  connection(region, async () => {
    const sdk = await import("@aws-sdk/client-cloudwatch");
    return new sdk.CloudWatch(settings(region));
  });

export const toLogs = (region: string): Connection<CloudWatchLogs> =>
  connection(region, async () => {
    const sdk = await import("@aws-sdk/client-cloudwatch-logs");
    return new sdk.CloudWatchLogs(settings(region));
  });

export const toSts = (region: string): Connection<STS> =>
  connection(region, async () => {
    const sdk = await import("@aws-sdk/client-sts");
    return new sdk.STS(settings(region));
  });

/** Four attempts of a refused connection are over in 12 s, within the time that one call has. */
const settings = (region: string) => ({
  region,
  retryMode: "adaptive",
  maxAttempts: 4,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 20_000,
    throwOnRequestTimeout: true,
  },
});

/** The SDK is loaded and the client made at the first request. */
function connection<Client>(region: string, open: () => Promise<Client>): Connection<Client> {
  let client: Promise<Client> | undefined;
  return {
    region,
    async send(action, signal, request) {
      try {
        signal.throwIfAborted();
        client ??= open();
        return await orAborted(request(await client, { abortSignal: signal }), signal);
      } catch (error) {
        throw awsError(error, { action, region, signal });
      }
    },
  };
}
