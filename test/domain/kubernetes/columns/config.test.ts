import { describe, expect, it } from "vitest";
import { object } from "../../../support/objects.ts";
import { row, rows } from "../../../support/rows.ts";

describe("configuration", () => {
  const settings = object("settings", {
    data: { pool: "50", text: "x".repeat(5_000) },
    binaryData: { blob: "AAEC" },
  });

  it("lists a ConfigMap's keys without values", () => {
    expect(row("configmaps", settings)).toMatchObject({
      keys: "pool, text, blob",
      size_bytes: "5006",
    });
    expect(JSON.stringify(rows("configmaps", [settings]))).not.toContain("xxx");
  });

  it("shows bounded values of one ConfigMap", () => {
    const found = rows("configmaps", [settings], true);
    expect(found).toMatchObject([
      { name: "pool", value: "50", size_bytes: "2" },
      { name: "text", size_bytes: "5000" },
      { name: "blob", value: "(binary)" },
    ]);
    expect(found[1]).toHaveProperty("value", expect.stringMatching(/^x{1199}…$/));
  });

  it("never shows a Secret's values or their size", () => {
    const secret = object("db", { type: "Opaque", data: { password: "aHVudGVyMg==" } });
    for (const named of [false, true]) {
      expect(row("secrets", secret, named)).toEqual({
        state: "",
        health: "well",
        name: "db",
        type: "Opaque",
        keys: "password",
        age: "3h",
      });
    }
  });

  it("shows whether a claim is bound", () => {
    const claim = (phase: string) => {
      const spec = { storageClassName: "gp3", resources: { requests: { storage: "10Gi" } } };
      return row("persistentvolumeclaims", object("disk", { spec, status: { phase } }));
    };
    expect(claim("Pending")).toMatchObject({
      health: "waiting",
      requested: "10Gi",
      storage_class: "gp3",
    });
    expect(claim("Lost")?.health).toBe("failing");
  });
});
