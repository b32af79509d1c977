/** A page of a list, and the token of the next one. */
export interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly next: string | undefined;
}

/** All items of a paged list. A token given twice ends it: some endpoints repeat the last one. */
export async function allPages<Item>(
  read: (token: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  let page: Page<Item>;
  do {
    const asked = token;
    page = await read(asked);
    found.push(...(page.items ?? []));
    token = page.next === asked ? undefined : page.next;
  } while (token !== undefined);
  return found;
}

/** Runs the work for each item, so many at a time, and keeps their order. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const batch of chunks(items, atOnce)) {
    results.push(...(await Promise.all(batch.map(work))));
  }
  return results;
}

export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => i * size);
  return starts.map((start) => items.slice(start, start + size));
}
