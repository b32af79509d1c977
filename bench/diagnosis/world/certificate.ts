import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BITS = 0x03;
const OID = 0x06;
const TEXT = 0x0c;
const UTC_TIME = 0x17;
const VERSION = 0xa0;

/** id-Ed25519 and commonName (RFC 8410, 3; RFC 5280, A.1). */
const ED25519 = "2b6570";
const COMMON_NAME = "550403";

/** One key for all of them, and no secret: only their dates count, and the same dates make the same certificate. */
const privateKey = createPrivateKey({
  format: "der",
  type: "pkcs8",
  // The frame of RFC 8410, 7, around 32 bytes.
  key: Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    createHash("sha256").update("certificates of made-up clusters").digest(),
  ]),
});
const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" });

/** A certificate that its own key signed, in PEM, as RFC 5280 (4.1) lays it out. */
export function certificate(name: string, from: Date, until: Date): string {
  const algorithm = der(SEQUENCE, der(OID, Buffer.from(ED25519, "hex")));
  const common = der(
    SEQUENCE,
    der(OID, Buffer.from(COMMON_NAME, "hex")),
    der(TEXT, Buffer.from(name)),
  );
  const subject = der(SEQUENCE, der(SET, common));
  const validity = der(SEQUENCE, utc(from), utc(until));
  const version = der(VERSION, der(INTEGER, Buffer.from([2])));
  const serial = der(INTEGER, Buffer.from([1]));
  const body = der(SEQUENCE, version, serial, algorithm, subject, validity, subject, publicKey);
  const signature = der(BITS, Buffer.from([0]), sign(null, body, privateKey));
  return pem(der(SEQUENCE, body, algorithm, signature));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function utc(time: Date): Buffer {
  const digits = time.toISOString().replace(/\D/g, "").slice(2, 14);
  return der(UTC_TIME, Buffer.from(`${digits}Z`));
}

function pem(content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
