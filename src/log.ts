import type { Logger } from "pino";
import type { CallSettings } from "#calls/settings.ts";

let logger: Promise<Logger> | undefined;

/** One line of JSON on standard error; standard output belongs to the protocol. */
export const log: CallSettings["log"] = (level, message, fields) => {
  logger ??= openLog();
  void logger.then((open) => open[level](fields, message));
};

async function openLog(): Promise<Logger> {
  const { destination, pino } = await import("pino");
  return pino({ base: { pid: process.pid } }, destination({ fd: 2, sync: true }));
}
