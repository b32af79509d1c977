import { expect, test } from "vitest";
import { withoutSecrets } from "#adapters/kubernetes/redact.ts";
import { object } from "../../support/objects.ts";

/** Of nobody: its key was thrown away. */
const pem = [
  "-----BEGIN CERTIFICATE-----",
  "MIIBfTCCASOgAwIBAgIUSwG6MtJ31JclHeVsYNHyF9u6FIIwCgYIKoZIzj0EAwIw",
  "FDESMBAGA1UEAwwJc2hvcC50ZXN0MB4XDTI2MTEyMjIxNTY0MloXDTI3MDIyMDIx",
  "NTY0MlowFDESMBAGA1UEAwwJc2hvcC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D",
  "AQcDQgAEt+rKyNLTdovmYvZO/2BOPHnN+WEWGCXYtG4B8S+PZDJGpooqCCc5aQRR",
  "UbaCP76mMjk9/ZI4aWJHy1u4lnw57qNTMFEwHQYDVR0OBBYEFNm/O8tgjXdDvtEn",
  "3hlaamYXxHHFMB8GA1UdIwQYMBaAFNm/O8tgjXdDvtEn3hlaamYXxHHFMA8GA1Ud",
  "EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAIMBHPsi08UzVgYT0jmFf8ac",
  "r48a83O8TdiNojCeRuX/AiBc2iZpnUCCkApG1t69w3CvCywtxbXjlvIcA9NOCDKi",
  "hA==",
  "-----END CERTIFICATE-----",
].join("\n");
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a Secret's certificates leave their end, and nothing else of their content", () => {
  const data = { "tls.crt": base64(pem), "tls.key": base64("a key"), "ca.crt": base64("no PEM") };
  const read = withoutSecrets("secrets", object("shop-tls", { data }));
  expect(read).toMatchObject({
    data: { "tls.crt": "", "tls.key": "", "ca.crt": "" },
    certificateEnds: { "tls.crt": "2027-02-20T21:56:42.000Z" },
  });
  expect(JSON.stringify(read)).not.toContain(base64(pem).slice(40, 80));
});

test("a Secret without certificates has no ends", () => {
  const damaged = pem.replace("M", "?");
  const read = withoutSecrets("secrets", object("plain", { data: { key: base64(damaged) } }));
  expect(read).not.toHaveProperty("certificateEnds");
});

test("a webhook's authority has an end too", () => {
  const webhooks = [
    { name: "a.example.com", clientConfig: { caBundle: base64(pem) } },
    { name: "b.example.com", clientConfig: {} },
  ];
  const read = withoutSecrets("mutatingwebhookconfigurations", object("mesh", { webhooks }));
  expect(read).toMatchObject({ certificateEnds: { "a.example.com": "2027-02-20T21:56:42.000Z" } });
});
