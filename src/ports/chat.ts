/** A message for people. `text` is the fallback that notifications show; blocks are Slack Block Kit. */
export interface ChatMessage {
  readonly text: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}

/** Where reports are posted. */
export interface Chat {
  /** Resolves once the message is accepted. */
  post(message: ChatMessage, signal: AbortSignal): Promise<void>;
}
