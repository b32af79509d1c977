/** Suffixes of the API's quantities. A power of ten may stand in their place: `12e6`. */
const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/;

/** A quantity of the API as a number: `100m`, `128Mi`, `1.5`, `12e6`. Undefined when it cannot be read. */
export function amount(text: string | undefined): number | undefined {
  const [, digits, power = "", suffix = ""] = QUANTITY.exec(text?.trim() ?? "") ?? [];
  const factor = FACTORS[suffix];
  if (digits === undefined || factor === undefined) return undefined;
  // Dividing by a whole number keeps thousandths exact, which multiplying does not.
  return factor < 1 ? Number(digits) / Math.round(1 / factor) : Number(digits + power) * factor;
}

/** Cores: `250m` is 0.25. */
export const cpuCores = amount;

/** Bytes: `128Mi` is 134217728. */
export const bytes = amount;

/** Cores as people write them: `250m` below one core, else `1.5`. */
export function cpuText(cores: number): string {
  const thousandths = Math.round(cores * 1_000);
  return thousandths < 1_000 ? `${thousandths}m` : String(thousandths / 1_000);
}

/** Bytes in the largest unit that leaves a number of at most four digits: `512Mi`, `1.5Gi`. */
export function bytesText(value: number): string {
  const unit = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki"].find((each) => value >= (FACTORS[each] ?? 1));
  if (unit === undefined) return String(Math.round(value));
  const shown = value / (FACTORS[unit] ?? 1);
  return `${shown >= 100 ? Math.round(shown) : Math.round(shown * 10) / 10}${unit}`;
}
