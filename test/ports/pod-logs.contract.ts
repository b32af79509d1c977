import { describe, expect, it } from "vitest";
import type { LogLine } from "#domain/logs/line.ts";
import type { PodLogQuery, Workloads } from "#ports/workloads.ts";
import { aborted, failure, type Opened, opened, signal } from "./contract.ts";

export interface PodLogsFixture extends Opened {
  readonly workloads: Workloads;
  readonly namespace: string;
  /** A pod that runs, whose container has written at least five lines over more than two seconds. */
  readonly pod: string;
  readonly container: string;
  /** A pod whose container ran before, wrote something then, and of which the run before is kept. */
  readonly restarted: { readonly pod: string; readonly container: string };
}

/** What every implementation of the port `workloads` does about logs. */
export function podLogsContract(name: string, open: () => Promise<PodLogsFixture>): void {
  describe(`pod logs: ${name}`, () => {
    const fixture = opened(open);
    const read = async (query: Partial<PodLogQuery> = {}, pod = fixture().pod, using = signal) => {
      const { workloads, namespace, container } = fixture();
      const all = { container, previous: false, tailLines: 1_000, limitBytes: 1_000_000, ...query };
      const lines: LogLine[] = [];
      for await (const line of workloads.logs({ namespace, name: pod }, all, using)) {
        lines.push(line);
      }
      return lines;
    };
    const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text);

    it("gives lines oldest first, each with its time", async () => {
      const lines = await read();
      const times = lines.map(({ at }) => at?.getTime() ?? Number.NaN);
      expect(lines.length).toBeGreaterThanOrEqual(5);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(lines.some(({ cut, text }) => cut || text.endsWith("\n"))).toBe(false);
    });

    it("keeps the newest so many lines", async () => {
      const all = await read();
      expect(texts(await read({ tailLines: 3 }))).toEqual(texts(all.slice(-3)));
    });

    it("leaves out what is older than since", async () => {
      const all = await read();
      const since = new Date(Math.floor((all.at(-1)?.at?.getTime() ?? 0) / 1000) * 1000);
      const later = all.filter(({ at }) => at && at >= since);
      expect(later.length).toBeLessThan(all.length);
      expect(texts(await read({ since }))).toEqual(texts(later));
    });

    it("ends at the limit in bytes, and says so", async () => {
      const all = await read();
      const some = await read({ limitBytes: 150 });
      expect(some.length).toBeLessThan(all.length);
      expect(some.slice(0, -1)).toEqual(all.slice(0, some.length - 1));
      expect(some.at(-1)?.cut).toBe(true);
    });

    it("reads the run before", async () => {
      const { pod, container } = fixture().restarted;
      expect((await read({ container, previous: true }, pod)).length).toBeGreaterThan(0);
    });

    it("tells what there is not: an earlier run, a container, a pod", async () => {
      await expect(read({ previous: true })).rejects.toMatchObject(failure("not_found"));
      const other = read({ container: "no-such-container" });
      await expect(other).rejects.toMatchObject(failure("invalid_input"));
      await expect(read({}, "no-such-pod")).rejects.toMatchObject(failure("not_found"));
    });

    it("reads nothing for a caller that has given up", async () => {
      await expect(read({}, fixture().pod, aborted())).rejects.toThrow();
    });
  });
}
