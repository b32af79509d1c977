import { DAY, HOUR, MINUTE, SECOND } from "#domain/window.ts";
import { OpsError } from "#errors.ts";

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Reads ISO 8601 (UTC when it names no zone) or `now`, `now-90m`. Throws `invalid_input`. */
export function resolveTime(text: string, now: Date): Date {
  const relative = /^now(?:-(\d+)([smhd]))?$/.exec(text);
  if (relative) {
    const [, amount = "0", unit = "s"] = relative;
    return new Date(now.getTime() - Number(amount) * (UNITS[unit] ?? SECOND));
  }
  const at = new Date(/Z$|[+-]\d\d:?\d\d$|^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(at.getTime())) {
    throw new OpsError(
      "invalid_input",
      `${JSON.stringify(text)} is not a time.`,
      "Give ISO 8601 such as 2026-04-25T14:22:33Z, or now-90m.",
    );
  }
  return at;
}

/** ISO 8601 UTC to the second, for people: `2026-04-25T14:22:33Z`. */
export function isoSeconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** A span in its two largest units: `45s`, `12m`, `3h 5m`, `2d 4h`. */
export function duration(milliseconds: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(milliseconds / SECOND)) * SECOND;
  for (const [unit, size] of Object.entries({ d: DAY, h: HOUR, m: MINUTE, s: SECOND })) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount}${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0s";
}
