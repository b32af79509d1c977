/** What scripts go by; docs/configuration.md explains them. */
export const exit = { ok: 0, no: 1, usage: 2, noTerminal: 3, badCode: 4 } as const;

export type ExitCode = (typeof exit)[keyof typeof exit];
