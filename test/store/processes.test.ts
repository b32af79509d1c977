import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { firstBreak } from "#domain/approvals/audit.ts";
import { openStore } from "#store/index.ts";

const entry = {
  at: new Date("2026-04-25T14:00:00Z"),
  event: "call",
  principal: "kim",
  client: "test",
  outcome: "done",
  detail: {},
} as const;

function freshPath() {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state", "firewatch.db");
}

/** A process that writes audit records and tells the number of each when it is written. */
function writer(path: string, most: number): ChildProcess {
  const program = join(import.meta.dirname, "writer.ts");
  return spawn(process.execPath, [program, path, String(most)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function linesOf(child: ChildProcess, until: (lines: readonly string[]) => void) {
  const lines: string[] = [];
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    until(lines);
  }
  return lines;
}

test("processes that come at once make one store, and chain their records", async () => {
  const path = freshPath();
  const children = [1, 2, 3, 4].map(() => writer(path, 25));
  const told = await Promise.all(children.map((child) => linesOf(child, () => {})));
  expect(told.map(({ length }) => length)).toEqual([25, 25, 25, 25]);
  const store = await openStore({ path });
  onTestFinished(() => store.close());
  const records = await store.audit.read(0, 1000);
  expect(records).toHaveLength(100);
  expect(firstBreak(records)).toBeUndefined();
});

test("a process that is killed loses nothing that it told of", async () => {
  const path = freshPath();
  const child = writer(path, 1_000_000);
  const ended = once(child, "exit");
  const told = await linesOf(child, (lines) => {
    if (lines.length === 40) child.kill("SIGKILL");
  });
  expect(await ended).toEqual([null, "SIGKILL"]);
  const store = await openStore({ path });
  onTestFinished(() => store.close());
  const records = await store.audit.read(0, 1_000_000);
  expect(records.length).toBeGreaterThanOrEqual(told.length);
  expect(firstBreak(records)).toBeUndefined();
});

test("only its owner can read the store: it holds keys", async () => {
  const path = freshPath();
  const store = await openStore({ path });
  onTestFinished(() => store.close());
  await store.audit.append(entry);
  const modes = [path, `${path}-wal`, `${path}-shm`, join(path, "..")].map(
    (each) => statSync(each).mode & 0o777,
  );
  expect(modes).toEqual([0o600, 0o600, 0o600, 0o700]);
});

test("a store that another program keeps locked says so", async () => {
  const path = freshPath();
  const store = await openStore({ path, busyMs: 50 });
  onTestFinished(() => store.close());
  const rival = new DatabaseSync(path);
  onTestFinished(() => rival.close());
  rival.exec("begin exclusive");
  const refused = { code: "store_unavailable", hint: expect.stringContaining("again") };
  await expect(store.audit.append(entry)).rejects.toMatchObject(refused);
  await expect(openStore({ path, busyMs: 50 })).rejects.toMatchObject(refused);
  rival.exec("rollback");
  await expect(store.audit.append(entry)).resolves.toMatchObject({ seq: 1 });
});

test("a fault that ends the transaction by itself, as a full disk does, is told as it is", async () => {
  const path = freshPath();
  const store = await openStore({ path });
  onTestFinished(() => store.close());
  const raw = new DatabaseSync(path);
  raw.exec(
    "create trigger full before insert on audit begin select raise(rollback, 'disk full'); end",
  );
  raw.close();
  await expect(store.audit.append(entry)).rejects.toThrow("disk full");
});

test("a store of a newer version is left alone", async () => {
  const path = freshPath();
  await (await openStore({ path })).close();
  const raw = new DatabaseSync(path);
  raw.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '')");
  raw.close();
  await expect(openStore({ path })).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("newer version"),
  });
});
