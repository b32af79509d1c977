/** One right of RBAC: the verbs on one resource of one API group; the core group is empty text. */
export interface AccessRule {
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** The rules together, without repetition, in the order of group, resource and verb. */
export function mergeRules(rules: readonly AccessRule[]): readonly AccessRule[] {
  const byResource = Map.groupBy(rules, ({ group, resource }) => `${group}/${resource}`);
  return [...byResource.keys()].sort().flatMap((key) => {
    const same = byResource.get(key) ?? [];
    const verbs = [...new Set(same.flatMap((rule) => rule.verbs))].sort();
    return same.slice(0, 1).map(({ group, resource }) => ({ group, resource, verbs }));
  });
}
