import { mean, sum } from "simple-statistics";
import { openStore } from "#store/index.ts";
import type { Row } from "../suite.ts";
import { type Answer, ask } from "./ask.ts";
import type { Case } from "./case.ts";

export interface Judged extends Answer {
  readonly cause: string | undefined;
}

/** Asks about each case, one after the other. */
export async function judge(cases: readonly Case[]): Promise<readonly Judged[]> {
  const store = await openStore({ path: ":memory:" });
  try {
    const judged: Judged[] = [];
    for (const one of cases) judged.push({ cause: one.cause, ...(await ask(one, store)) });
    return judged;
  } finally {
    await store.close();
  }
}

const sick = ({ cause }: Judged) => cause !== undefined;
const isAmong =
  (first: number) =>
  ({ cause, named }: Judged) =>
    cause !== undefined && named.slice(0, first).includes(cause);

/** One row for each cause: how often it was named first, and what was named in its place. */
export function rows(judged: readonly Judged[]): readonly Row[] {
  const groups = Map.groupBy(judged, ({ cause }) => cause ?? "healthy");
  return [...groups].map(([cause, cases]) => ({
    cause,
    cases: cases.length,
    top1: cases.filter(isAmong(1)).length,
    top3: cases.filter(isAmong(3)).length,
    instead: instead(cases),
  }));
}

function instead(cases: readonly Judged[]): string {
  const wrong = cases.filter((each) => (each.named[0] ?? undefined) !== each.cause);
  const counted = Map.groupBy(wrong, ({ named }) => named[0] ?? "nothing");
  return [...counted].map(([named, those]) => `${named} ${those.length}`).join(", ");
}

export function summary(judged: readonly Judged[]) {
  const ill = judged.filter(sick);
  const well = judged.filter((each) => !sick(each));
  const share = (of: readonly Judged[], test: (one: Judged) => boolean) =>
    Number((of.filter(test).length / of.length).toFixed(4));
  return {
    top1: share(ill, isAmong(1)),
    top3: share(ill, isAmong(3)),
    healthy_accused: sum(well.map(({ named }) => Number(named.length > 0))),
    cases: judged.length,
    tokens_average: Math.round(mean(judged.map(({ tokens }) => tokens))),
    tokens_largest: Math.max(...judged.map(({ tokens }) => tokens)),
  };
}
