/** One right of RBAC: the verbs on one resource of one API group; the core group is empty text. */
export interface AccessRule {
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** One thing that somebody may or may not do; the core group is empty text. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** The Role, or ClusterRole for what has no namespace, that grants the rights, as YAML to apply. */
export function roleFor(rights: readonly Right[]): string {
  const namespace = rights.find((right) => right.namespace !== undefined)?.namespace;
  const rules = mergeRules(
    rights.map(({ verb, group, resource, subresource }) => ({
      group,
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      verbs: [verb],
    })),
  );
  return [
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${namespace === undefined ? "ClusterRole" : "Role"}`,
    `metadata: { name: firewatch-more${namespace === undefined ? "" : `, namespace: ${namespace}`} }`,
    "rules:",
    ...rules.map(
      ({ group, resource, verbs }) =>
        `- { apiGroups: ["${group}"], resources: [${resource}], verbs: [${verbs.join(", ")}] }`,
    ),
  ].join("\n");
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
