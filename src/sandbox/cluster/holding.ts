/** The last item that holds at `t`; items are in order of time. */
export function holding<T extends { readonly at: number }>(
  items: readonly T[],
  t: number,
): T | undefined {
  return items.findLast((item) => item.at <= t);
}
