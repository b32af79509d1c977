import { describe, expect, it } from "vitest";
import { bytes, bytesText, cpuCores, cpuText } from "#domain/kubernetes/quantity.ts";

describe("a quantity", () => {
  it("is read with every suffix of the API", () => {
    expect(
      ["100m", "1", "1.5", ".5", "250000000n", "1500u", "2k", "1e3", "1E-1"].map(cpuCores),
    ).toEqual([0.1, 1, 1.5, 0.5, 0.25, 0.0015, 2_000, 1_000, 0.1]);
    expect(
      ["128Mi", "1Gi", "1G", "1E", "1Ei", "64Ki", "2Ti", "1Pi", "5M", "3T", "123"].map(bytes),
    ).toEqual([
      134_217_728,
      1_073_741_824,
      1e9,
      1e18,
      2 ** 60,
      65_536,
      2 ** 41,
      2 ** 50,
      5e6,
      3e12,
      123,
    ]);
  });

  it("that cannot be read is undefined", () => {
    for (const text of [undefined, "", "Mi", "1mi", "1 Gi", "1KiB", "1e", "--1", "0x10", "NaN"]) {
      expect(bytes(text)).toBeUndefined();
    }
  });

  it("is written as people write it", () => {
    expect([0, 0.0004, 0.25, 0.9999, 1, 1.5, 12].map(cpuText)).toEqual([
      "0m",
      "0m",
      "250m",
      "1",
      "1",
      "1.5",
      "12",
    ]);
    expect([0, 512, 65_536, 134_217_728, 1.5 * 2 ** 30, 2 ** 40].map(bytesText)).toEqual([
      "0",
      "512",
      "64Ki",
      "128Mi",
      "1.5Gi",
      "1Ti",
    ]);
  });
});
