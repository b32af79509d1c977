import {
  IncomingWebhook,
  IncomingWebhookHTTPError,
  type IncomingWebhookSendArguments,
} from "@slack/webhook";
import { OpsError } from "#errors.ts";
import type { Chat, ChatMessage } from "#ports/chat.ts";

/** Slack answers within a second or is in trouble. */
const TIMEOUT_MS = 10_000;

/** An incoming webhook. Its URL is a secret: no error shows it. */
export function slackWebhook(url: string): Chat {
  return {
    async post(message, signal) {
      const webhook = new IncomingWebhook(url, {
        fetch: (target, init) => fetch(target, { ...init, signal: withTimeout(signal) }),
      });
      try {
        await webhook.send(payload(message));
      } catch (error) {
        throw translate(error, signal);
      }
    },
  };
}

function payload({ text, blocks }: ChatMessage): IncomingWebhookSendArguments {
  return {
    text,
    blocks: blocks.map((block) => ({ ...block, type: String(block.type) })),
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
  };
}

function withTimeout(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
}

/** What the fault means. The error itself may hold the URL, so it is not passed on. */
function translate(error: unknown, signal: AbortSignal): OpsError {
  if (signal.aborted) {
    return new OpsError("cancelled", "The message to Slack was given up.", "Post it again.");
  }
  if (error instanceof IncomingWebhookHTTPError) return refusal(error.statusCode);
  return new OpsError(
    "unreachable",
    "Slack cannot be reached.",
    "Check the network and SLACK_WEBHOOK_URL, then post again.",
  );
}

function refusal(status: number): OpsError {
  if (status === 429) {
    return new OpsError(
      "throttled",
      "Slack takes one message a second.",
      "Post again in a minute.",
    );
  }
  if (status >= 500) {
    return new OpsError("backend_error", `Slack answered ${status}.`, "Post again in a minute.");
  }
  if (status === 400) {
    return new OpsError(
      "backend_error",
      "Slack refused the message as malformed.",
      "Post a shorter report.",
    );
  }
  return new OpsError(
    "access_denied",
    `Slack refuses the webhook (${status}): it was removed, or its channel is gone.`,
    "Make a new incoming webhook and set SLACK_WEBHOOK_URL.",
  );
}
