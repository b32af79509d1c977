import { openStore } from "#store/index.ts";

/** Writes audit records, and tells the number of each once it is written. */
const [path = "", most = "0"] = process.argv.slice(2);
const { audit } = await openStore({ path });
for (let written = 0; written < Number(most); written += 1) {
  const { seq } = await audit.append({
    at: new Date("2026-04-25T14:00:00Z"),
    event: "call",
    principal: "kim",
    client: "test",
    outcome: "done",
    detail: {},
  });
  process.stdout.write(`${seq}\n`);
}
