/** Below this likeness a name is noise rather than help. */
const ALIKE = 0.4;

/** The candidates most like `name`, best first: what a person may have meant. Case is ignored. */
export function closest(name: string, candidates: readonly string[], most = 3): string[] {
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, score: likeness(name, candidate) }))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** 0 to 1: how alike two names are, by spelling or by the words they share, whichever is more. */
export function likeness(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return Math.max(spelling(left, right), sharedWords(left, right));
}

/** Longest text that is compared letter by letter; the work grows with its square. */
const MAX_SPELLED = 256;

function spelling(a: string, b: string): number {
  const [left, right] = [a.slice(0, MAX_SPELLED), b.slice(0, MAX_SPELLED)];
  const longest = Math.max(left.length, right.length);
  return longest === 0 ? 1 : 1 - editDistance(left, right) / longest;
}

/** Levenshtein's distance: insertions, deletions and substitutions of one character. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Sørensen–Dice over the words that punctuation separates. */
function sharedWords(a: string, b: string): number {
  const [left, right] = [words(a), words(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  return left.size + right.size === 0 ? 0 : (2 * shared) / (left.size + right.size);
}

function words(text: string): Set<string> {
  return new Set(text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ""));
}
