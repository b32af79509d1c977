import type { Chat } from "#ports/chat.ts";
import type { World } from "#ports/index.ts";
import { systemClock } from "./clock.ts";
import { openClusters } from "./live-clusters.ts";
import { openRegions } from "./live-regions.ts";

export interface LiveSettings {
  /** Globs; empty: the current context. */
  readonly kubeContexts: readonly string[];
  /** Empty: none. */
  readonly regions: readonly string[];
  readonly slackWebhookUrl?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The real world. What is not configured is absent. Throws `invalid_input` for a setting that fits nothing. */
export async function openLive(settings: LiveSettings): Promise<World> {
  const { kubeContexts, regions, slackWebhookUrl: url, environment: env } = settings;
  const [clusterPlaces, regionPlaces] = await Promise.all([
    openClusters({ contexts: kubeContexts, env }),
    openRegions({ regions, env }),
  ]);
  return {
    clock: systemClock,
    ...(clusterPlaces && { clusters: clusterPlaces }),
    ...(regionPlaces && { regions: regionPlaces }),
    ...(url && { chat: slackChat(url) }),
  };
}

/** Slack's code is loaded for the first message. */
function slackChat(url: string): Chat {
  return {
    async post(message, signal) {
      const { slackWebhook } = await import("./slack/webhook.ts");
      await slackWebhook(url).post(message, signal);
    },
  };
}
