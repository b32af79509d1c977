const BARS = [..."▁▂▃▄▅▆▇█"];

/** A series as one line of bars, lowest to highest; gaps stay blank. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const bar = (value: number) => BARS[Math.round(((value - low) / span) * (BARS.length - 1))] ?? "";
  return values.map((value) => (value === null ? " " : bar(value))).join("");
}

/** Three digits are enough to compare: `83.3`, `0.00412`, `1240`. */
export function figure(value: number): string {
  return Math.abs(value) >= 100 ? `${Math.round(value)}` : `${Number(value.toPrecision(3))}`;
}

/** The time of day of an ISO time; its date stands where it is first shown. */
export function clockTime(iso: string): string {
  return iso.replace(/^\d{4}-\d\d-\d\dT/, "").replace(/\.\d+Z$/, "Z");
}
