import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import * as z from "zod";
import type { ReleaseRef } from "#domain/helm/release.ts";
import type { Releases } from "#ports/releases.ts";
import { aborted, failure, type Opened, opened, signal } from "./contract.ts";

export interface ReleasesFixture extends Opened {
  readonly releases: Releases;
  /** A release of at least two revisions, the newest deployed. It will be rolled back. */
  readonly release: ReleaseRef;
  /** A sound revision whose content differs from the newest one's. */
  readonly earlier: number;
}

const headSchema = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) });

/** What every implementation of the port `releases` does. */
export function releasesContract(name: string, open: () => Promise<ReleasesFixture>): void {
  describe(`releases: ${name}`, () => {
    const fixture = opened(open);
    const history = () => fixture().releases.history(fixture().release, signal);

    it("lists releases at their newest revision, of all namespaces or one", async () => {
      const { releases, release } = fixture();
      const [newest] = await history();
      const all = await releases.list({}, signal);
      const own = await releases.list({ namespace: release.namespace }, signal);
      // A list need not describe revisions: Helm's does not.
      const listed = { ...release, ...newest, description: expect.any(String) };
      expect(all).toContainEqual(listed);
      expect(own).toContainEqual(listed);
      expect(own.every((one) => one.namespace === release.namespace)).toBe(true);
      expect(await releases.list({ namespace: "no-such-namespace" }, signal)).toEqual([]);
    });

    it("tells the history newest first", async () => {
      const revisions = await history();
      const numbers = revisions.map((one) => one.revision);
      expect(numbers.length).toBeGreaterThanOrEqual(2);
      expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
      expect(revisions[0]?.status).toBe("deployed");
      expect(revisions.filter((one) => one.status === "deployed")).toHaveLength(1);
      expect(revisions.every((one) => one.chart !== "" && one.updatedAt instanceof Date)).toBe(
        true,
      );
    });

    it("throws not_found for an unknown release and an unknown revision", async () => {
      const { releases, release } = fixture();
      const unknown = { ...release, name: "no-such-release" };
      await expect(releases.history(unknown, signal)).rejects.toMatchObject(failure("not_found"));
      await expect(releases.content(release, 9999, signal)).rejects.toMatchObject(
        failure("not_found"),
      );
    });

    it("holds what a revision installs, as YAML documents", async () => {
      const { releases, release, earlier } = fixture();
      const { manifest, values } = await releases.content(release, earlier, signal);
      const heads = parseAllDocuments(manifest)
        .map((document) => headSchema.safeParse(document.toJS()))
        .flatMap((parsed) => (parsed.success ? [parsed.data.kind] : []));
      expect(heads).toContain("Deployment");
      expect(typeof values).toBe("object");
    });

    it("holds all values, those that the user gave over the chart's own", async () => {
      const { releases, release, earlier } = fixture();
      const { values } = await releases.content(release, earlier, signal);
      const all = await releases.allValues(release, earlier, signal);
      expect(all).toMatchObject(values);
      expect(Object.keys(all).length).toBeGreaterThanOrEqual(Object.keys(values).length);
      await expect(releases.allValues(release, 9999, signal)).rejects.toMatchObject(
        failure("not_found"),
      );
    });

    it("refuses to roll back to a revision that there is not, and makes none", async () => {
      const { releases, release } = fixture();
      const before = await history();
      const request = { ...release, revision: 9999, timeoutSeconds: 60 };
      await expect(releases.rollback(request, signal)).rejects.toThrow();
      expect((await history())[0]?.revision).toBe(before[0]?.revision);
    });

    it("does nothing when the caller has given up", async () => {
      const { releases, release, earlier } = fixture();
      const before = await history();
      const request = { ...release, revision: earlier, timeoutSeconds: 60 };
      await expect(releases.rollback(request, aborted())).rejects.toThrow();
      expect((await history())[0]?.revision).toBe(before[0]?.revision);
    });

    it("rolls back to the old content as a new revision", async () => {
      const { releases, release, earlier } = fixture();
      const [before] = await history();
      await releases.rollback({ ...release, revision: earlier, timeoutSeconds: 120 }, signal);
      const [made, replaced] = await history();
      expect(made?.revision).toBe((before?.revision ?? 0) + 1);
      expect(made?.status).toBe("deployed");
      expect(made?.description).toContain(`Rollback to ${earlier}`);
      expect(replaced).toMatchObject({ revision: before?.revision, status: "superseded" });
      const old = await releases.content(release, earlier, signal);
      const now = await releases.content(release, made?.revision ?? 0, signal);
      expect(now.manifest).toBe(old.manifest);
      expect(now.values).toEqual(old.values);
    });
  });
}
