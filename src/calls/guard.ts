import * as z from "zod";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import { matchesAny } from "#domain/text/glob.ts";
import { OpsError } from "#errors.ts";
import type { ClusterPorts, RegionPorts } from "#ports/index.ts";
import type { Logs } from "#ports/logs.ts";
import type { Releases } from "#ports/releases.ts";
import type { ObjectList, ObjectQuery, ServedQuery, Workloads } from "#ports/workloads.ts";

/** Throws `not_allowed` when a namespace is outside `--namespaces`. */
export function requireNamespace(allowed: readonly string[], namespace: string | undefined): void {
  if (namespace === undefined || matchesAny(allowed, namespace)) return;
  throw new OpsError(
    "not_allowed",
    `Namespace ${namespace} is outside --namespaces.`,
    `Allowed: ${allowed.join(", ")}.`,
  );
}

/** Cluster ports that see and touch allowed namespaces only, whatever a tool asks for. */
export function guardCluster(
  ports: Partial<ClusterPorts>,
  allowed: readonly string[],
): Partial<ClusterPorts> {
  if (allowed.includes("*")) return ports;
  return {
    ...(ports.workloads ? { workloads: guardWorkloads(ports.workloads, allowed) } : {}),
    ...(ports.releases ? { releases: guardReleases(ports.releases, allowed) } : {}),
  };
}

function guardWorkloads(port: Workloads, allowed: readonly string[]): Workloads {
  const check = (namespace: string | undefined) => requireNamespace(allowed, namespace);
  return {
    async get(ref, signal) {
      check(ref.kind === "namespaces" ? ref.name : ref.namespace);
      return port.get(ref, signal);
    },
    async list(query, signal) {
      check(query.namespace);
      const namespaced = kindNames(query.kind).scope === "namespace";
      const read = (each: ObjectQuery) => port.list(each, signal);
      const found = await listAllowed(query, namespaced, allowed, read);
      return visible(found, query.kind, allowed);
    },
    kinds: port.kinds,
    async listServed(query, signal) {
      check(query.namespace);
      const { namespaced, resource } = query.kind;
      const read = (each: ServedQuery) => port.listServed(each, signal);
      return visible(await listAllowed(query, namespaced, allowed, read), resource, allowed);
    },
    restart: within(check, port.restart),
    scale: within(check, port.scale),
    patchConfigMap: within(check, port.patchConfigMap),
    setTemplate: within(check, port.setTemplate),
    setContainer: within(check, port.setContainer),
    setPaused: within(check, port.setPaused),
    setBounds: within(check, port.setBounds),
    evict: within(check, port.evict),
    createJob: within(check, port.createJob),
    shiftTraffic: within(check, port.shiftTraffic),
    async *logs(ref, ...rest) {
      check(ref.namespace);
      yield* port.logs(ref, ...rest);
    },
    async cordon() {
      throw new OpsError(
        "not_allowed",
        "A node runs pods of every namespace, and --namespaces allows some.",
        `Allowed: ${allowed.join(", ")}. Start Firewatch without --namespaces to change nodes.`,
      );
    },
    health: port.health,
    may: port.may,
  };
}

type Check = (namespace: string | undefined) => void;

/** The method, once the namespace of what it is about is checked. */
function within<
  Rest extends readonly unknown[],
  Ref extends { readonly namespace: string },
  Result,
>(
  check: Check,
  method: (ref: Ref, ...rest: Rest) => Promise<Result>,
): (ref: Ref, ...rest: Rest) => Promise<Result> {
  return async (ref, ...rest) => {
    check(ref.namespace);
    return method(ref, ...rest);
  };
}

type Scoped = Pick<ObjectQuery, "namespace" | "continue">;

/** All namespaces are those allowed: asked one by one where they are known by name, for the rights may end there. */
async function listAllowed<Query extends Scoped>(
  query: Query,
  namespaced: boolean,
  allowed: readonly string[],
  list: (query: Query) => Promise<ObjectList>,
): Promise<ObjectList> {
  if (query.namespace !== undefined || !namespaced) return list(query);
  const scopes = namesIn(allowed);
  if (scopes.length === 1) return list({ ...query, ...scopes[0] });
  const tokens = tokensOf(query.continue, scopes.length);
  const none: ObjectList = { items: [], remaining: 0 };
  const asked = scopes.map((scope, index) => {
    const token = tokens[index];
    if (token === null) return none;
    return list({ ...query, ...scope, continue: token ?? "" });
  });
  return joined(await Promise.all(asked));
}

/** Where the list of each namespace goes on; null where it has ended. */
const tokensSchema = z.array(z.string().nullable());

function tokensOf(token = "", namespaces: number): readonly (string | null)[] {
  if (token === "") return [];
  const tokens = tokensSchema.safeParse(parsed(token));
  if (tokens.success && tokens.data.length === namespaces) return tokens.data;
  throw new OpsError(
    "invalid_input",
    "This is not where a list of these namespaces goes on.",
    "Call again without continue.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One for each namespace; one for all of them where patterns stand for some. */
function namesIn(allowed: readonly string[]): readonly { readonly namespace?: string }[] {
  const byPattern = allowed.some((name) => name.includes("*"));
  return byPattern ? [{}] : [...new Set(allowed)].map((namespace) => ({ namespace }));
}

function joined(lists: readonly ObjectList[]): ObjectList {
  const remaining = lists.map((list) => list.remaining);
  const tokens = lists.map((list) => list.continue ?? null);
  return {
    items: lists.flatMap(({ items }) => items),
    remaining: remaining.includes(-1) ? -1 : remaining.reduce((sum, each) => sum + each, 0),
    ...(tokens.every((token) => token === null) ? {} : { continue: JSON.stringify(tokens) }),
  };
}

function visible(list: ObjectList, resource: string, allowed: readonly string[]): ObjectList {
  const items = list.items.filter(({ metadata }) => {
    const namespace = resource === "namespaces" ? metadata.name : metadata.namespace;
    return namespace === undefined || matchesAny(allowed, namespace);
  });
  return { ...list, items };
}

function guardReleases(port: Releases, allowed: readonly string[]): Releases {
  const check = (namespace: string | undefined) => requireNamespace(allowed, namespace);
  return {
    async list(filter, signal) {
      check(filter.namespace);
      const scopes = filter.namespace === undefined ? namesIn(allowed) : [filter];
      const lists = await Promise.all(scopes.map((scope) => port.list(scope, signal)));
      return lists.flat().filter(({ namespace }) => matchesAny(allowed, namespace));
    },
    async history(release, signal) {
      check(release.namespace);
      return port.history(release, signal);
    },
    async content(release, revision, signal) {
      check(release.namespace);
      return port.content(release, revision, signal);
    },
    async allValues(release, revision, signal) {
      check(release.namespace);
      return port.allValues(release, revision, signal);
    },
    async rollback(request, signal) {
      check(request.namespace);
      return port.rollback(request, signal);
    },
  };
}

/** Region ports that read allowed log groups only. */
export function guardRegion(
  ports: Partial<RegionPorts>,
  allowed: readonly string[],
): Partial<RegionPorts> {
  if (allowed.includes("*") || !ports.logs) return ports;
  return { ...ports, logs: guardLogs(ports.logs, allowed) };
}

function guardLogs(port: Logs, allowed: readonly string[]): Logs {
  return {
    async filter(query, signal) {
      if (matchesAny(allowed, query.group)) return port.filter(query, signal);
      throw new OpsError(
        "not_allowed",
        `Log group ${query.group} is outside --log-groups.`,
        `Allowed: ${allowed.join(", ")}.`,
      );
    },
    async groups(filter, signal) {
      const groups = await port.groups(filter, signal);
      return groups.filter(({ name }) => matchesAny(allowed, name));
    },
    async metricFilters(metric, signal) {
      const filters = await port.metricFilters(metric, signal);
      return filters.filter(({ logGroup }) => matchesAny(allowed, logGroup));
    },
  };
}
