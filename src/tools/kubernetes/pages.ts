import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";

/** Objects of one page at a time: thousands cost no more memory than one page does. */
const PAGE = 500;

interface Page {
  readonly limit: number;
  readonly continue?: string;
}

/** All objects of a query, page by page, to the end. */
export async function* pages(
  query: Omit<ObjectQuery, "limit" | "continue">,
  workloads: Workloads,
  signal: AbortSignal,
): AsyncGenerator<readonly KubeObject[]> {
  const list = (page: Page) => workloads.list({ ...query, ...page }, signal);
  for await (const { items } of walk(list)) yield items;
}

/** The pages of a list, from where an earlier one ended, if any, to the end. */
export async function* walk(
  list: (page: Page) => Promise<ObjectList>,
  from?: string,
): AsyncGenerator<ObjectList> {
  let token = from;
  do {
    const page = await list({ limit: PAGE, ...(token === undefined ? {} : { continue: token }) });
    yield page;
    token = page.continue;
  } while (token !== undefined);
}
