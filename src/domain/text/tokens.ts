/**
 * About how many tokens a model reads in the text, rather too many than too few: a word counts one per
 * six letters, a number one per three digits, other signs one per two.
 */
export function approximateTokens(text: string): number {
  return text.match(/[A-Za-z]{1,6}|\d{1,3}|[^A-Za-z\d\s]{1,2}/gu)?.length ?? 0;
}

/** The first rows that together stay within so many tokens as JSON; at least one, when there is one. */
export function withinTokens<T>(rows: readonly T[], tokens: number): T[] {
  const kept: T[] = [];
  let used = 0;
  for (const row of rows) {
    used += approximateTokens(JSON.stringify(row));
    if (used > tokens && kept.length > 0) break;
    kept.push(row);
  }
  return kept;
}
