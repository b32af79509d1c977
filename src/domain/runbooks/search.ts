import MiniSearch from "minisearch";
import { type Signals, signsShown } from "./match.ts";
import type { Runbook } from "./runbook.ts";

export interface Found {
  readonly runbook: Runbook;
  /** Signs count ten each, words up to ten together; only the order means anything. */
  readonly score: number;
  /** Why it was found, in words. */
  readonly because: readonly string[];
}

const SIGN = 10;
const WORDS = 10;

/** Runbooks that the signals or the words speak for, best first. Signs come before words. */
export function searchRunbooks(
  runbooks: readonly Runbook[],
  signals: Signals,
  query: string | undefined,
): readonly Found[] {
  const words = query === undefined ? new Map<string, Hit>() : searchWords(runbooks, query);
  return runbooks
    .map((runbook) => weigh(runbook, signsShown(runbook.match, signals), words.get(runbook.slug)))
    .filter(({ because }) => because.length > 0)
    .sort((a, b) => b.score - a.score || b.runbook.match.priority - a.runbook.match.priority);
}

function weigh(runbook: Runbook, signs: readonly string[], hit: Hit | undefined): Found {
  const spoken = hit ? [`words: ${hit.words.join(", ")}`] : [];
  const score = SIGN * signs.length + (hit ? WORDS * hit.share : 0);
  return { runbook, score: Math.round(score * 10) / 10, because: [...signs, ...spoken] };
}

interface Hit {
  readonly words: readonly string[];
  /** Of the best hit's score. */
  readonly share: number;
}

function searchWords(runbooks: readonly Runbook[], query: string): ReadonlyMap<string, Hit> {
  const index = new MiniSearch({
    fields: ["title", "symptoms", "types", "description"],
    searchOptions: { boost: { title: 3, symptoms: 2, types: 2 }, prefix: isLong, fuzzy: 0.15 },
    processTerm: (term) => (NOISE.has(term.toLowerCase()) ? null : term.toLowerCase()),
  });
  index.addAll(runbooks.map(document));
  const results = index.search(query);
  const best = results[0]?.score ?? 1;
  return new Map(
    results.map(({ id, score, queryTerms }) => [
      String(id),
      { words: queryTerms.slice(0, 5), share: score / best },
    ]),
  );
}

function document({ slug, title, description, incident_types, match }: Runbook) {
  return {
    id: slug,
    title: `${slug} ${title}`,
    symptoms: match.symptoms.join(" "),
    types: incident_types.join(" ").replaceAll("_", " "),
    description,
  };
}

/** Short words match whole: `is` is not the beginning of `issue`. */
function isLong(term: string): boolean {
  return term.length > 3;
}

const NOISE = new Set(
  "a an and are at by for from has in is it its not of on or that the then to was were with".split(
    " ",
  ),
);
