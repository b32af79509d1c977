/** What a tool answered. */
export interface Answer {
  readonly text: string;
  readonly structured: unknown;
  readonly failed: boolean;
}

/** A connection to a server, whichever and however. */
export interface Caller {
  call(name: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
}
