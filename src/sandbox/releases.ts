import type { Release, ReleaseRef, ReleaseStatus, Revision } from "#domain/helm/release.ts";
import { toJsonObject } from "#domain/json.ts";
import { OpsError } from "#errors.ts";
import type { Releases, RollbackRequest } from "#ports/releases.ts";
import type { App } from "./cluster/app.ts";
import type { HelmRevision } from "./cluster/course.ts";
import type { History } from "./cluster/history.ts";
import { manifestText } from "./cluster/manifest.ts";
import type { ClusterEffect } from "./effect.ts";

/** What releases need of the world. */
export interface ReleaseView {
  apps(): readonly App[];
  history(): History;
  now(): number;
  apply(effect: ClusterEffect): Promise<void>;
  advance(milliseconds: number): Promise<void>;
}

export function simulatedReleases(view: ReleaseView): Releases {
  return {
    async list({ namespace }, signal) {
      signal.throwIfAborted();
      const apps = view
        .apps()
        .filter((app) => namespace === undefined || app.namespace === namespace);
      return apps
        .flatMap((app) => newest(app, revisionsOf(view, app), view.now()))
        .toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
    },
    async history(ref, signal) {
      signal.throwIfAborted();
      const app = installed(view, ref);
      return described(app, revisionsOf(view, app), view.now()).toReversed();
    },
    async content(ref, revision, signal) {
      signal.throwIfAborted();
      const app = installed(view, ref);
      const { source } = existing(view, ref, revision);
      return { manifest: manifestText(app, source), values: toJsonObject(source.values) };
    },
    async allValues(ref, revision, signal) {
      signal.throwIfAborted();
      const app = installed(view, ref);
      const { source } = existing(view, ref, revision);
      return toJsonObject({ ...chartDefaults(app), ...source.values });
    },
    async rollback(request, signal) {
      signal.throwIfAborted();
      await rollBack(view, request);
    },
  };
}

/** What the chart sets unless the user does. */
function chartDefaults({ port }: App): object {
  return {
    nameOverride: "",
    podAnnotations: {},
    revisionHistoryLimit: 10,
    service: { type: "ClusterIP", port: 80, targetPort: port },
  };
}

async function rollBack(view: ReleaseView, request: RollbackRequest): Promise<void> {
  const { namespace, name, revision, timeoutSeconds } = request;
  const app = installed(view, request);
  existing(view, request, revision);
  refuseWhenBusy(request, revisionsOf(view, app).at(-1), view.now());
  const how = { namespace, release: name, revision, timeout_seconds: timeoutSeconds };
  await view.apply({ type: "rollback", ...how });
  const made = revisionsOf(view, app).at(-1);
  if (!made) return;
  await view.advance(Math.max(0, made.settledAt - view.now()));
  if (made.failure !== undefined) throw gaveUp(request, made);
}

function installed(view: ReleaseView, ref: ReleaseRef): App {
  const app = view.apps().find((one) => one.name === ref.name && one.namespace === ref.namespace);
  if (!app) throw missing(`No release ${ref.namespace}/${ref.name}.`);
  return app;
}

function revisionsOf(view: ReleaseView, app: App): readonly HelmRevision[] {
  const past = view.history()(app);
  return past.course.revisions.filter(({ at }) => at <= view.now());
}

function existing(view: ReleaseView, ref: ReleaseRef, number: number): HelmRevision {
  const revisions = revisionsOf(view, installed(view, ref));
  const found = revisions.find(({ revision }) => revision === number);
  if (!found) throw missing(`Release ${ref.namespace}/${ref.name} has no revision ${number}.`);
  return found;
}

function newest(app: App, revisions: readonly HelmRevision[], now: number): readonly Release[] {
  const last = described(app, revisions, now).at(-1);
  return last ? [{ namespace: app.namespace, name: app.name, ...last }] : [];
}

/** Oldest first. */
function described(app: App, revisions: readonly HelmRevision[], now: number): readonly Revision[] {
  return revisions.map((one, i) => ({
    revision: one.revision,
    status: statusOf(one, revisions.slice(i + 1), now),
    chart: `${app.name}-${one.source.version}`,
    appVersion: `v${one.source.version}`,
    updatedAt: new Date(one.at),
    description: describe(app, one, i === 0, now),
  }));
}

/** A revision stays deployed until a later one has succeeded, or a later rollback was tried. */
function statusOf(one: HelmRevision, later: readonly HelmRevision[], now: number): ReleaseStatus {
  if (now < one.settledAt)
    return one.rolledBackTo === undefined ? "pending-upgrade" : "pending-rollback";
  if (one.failure !== undefined) return "failed";
  const replaced = later.some(
    (next) =>
      next.settledAt <= now && (next.failure === undefined || next.rolledBackTo !== undefined),
  );
  return replaced ? "superseded" : "deployed";
}

function describe(app: App, one: HelmRevision, first: boolean, now: number): string {
  const rollback = one.rolledBackTo !== undefined;
  if (now < one.settledAt)
    return rollback ? `Rollback to ${one.rolledBackTo}` : "Preparing upgrade";
  if (one.failure !== undefined) {
    return rollback ? one.failure : `Upgrade "${app.name}" failed: ${one.failure}`;
  }
  if (rollback) return `Rollback to ${one.rolledBackTo}`;
  return first ? "Install complete" : "Upgrade complete";
}

function refuseWhenBusy(ref: ReleaseRef, last: HelmRevision | undefined, now: number): void {
  if (!last || last.settledAt <= now) return;
  throw new OpsError(
    "conflict",
    `Another operation is in progress on release ${ref.namespace}/${ref.name}. Nothing was changed.`,
    "Wait until it has ended, then look at the history again.",
  );
}

function gaveUp(ref: ReleaseRef, made: HelmRevision): OpsError {
  return new OpsError(
    "timed_out",
    `The rollback of ${ref.namespace}/${ref.name} was applied as revision ${made.revision} and its pods were not ready in time.`,
    "Look at the pods of the new ReplicaSet before anything else is changed.",
  );
}

function missing(message: string): OpsError {
  return new OpsError("not_found", message, "List the releases and their revisions.");
}
