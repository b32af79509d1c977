import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";

/** Objects of one page at a time: thousands cost no more memory than one page does. */
const PAGE = 500;

/** All objects of a query, page by page, to the end. */
export async function* pages(
  query: Omit<ObjectQuery, "limit" | "continue">,
  workloads: Workloads,
  signal: AbortSignal,
): AsyncGenerator<readonly KubeObject[]> {
  let token: string | undefined;
  do {
    const going = token === undefined ? {} : { continue: token };
    const page = await workloads.list({ ...query, ...going, limit: PAGE }, signal);
    yield page.items;
    token = page.continue;
  } while (token !== undefined);
}
