import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BITS = 0x03;
const OID = 0x06;
const TEXT = 0x0c;
const UTC_TIME = 0x17;

/** ecdsa-with-SHA256 and commonName (RFC 5758, 3.2; RFC 5280, A.1). */
const ECDSA_SHA256 = "2a8648ce3d040302";
const COMMON_NAME = "550403";

let key: { readonly privateKey: KeyObject; readonly publicKey: Buffer } | undefined;

/** One key for all of them: they are never used but for their dates. */
function keyPair() {
  if (key) return key;
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  key = { privateKey: createPrivateKey(privateKey), publicKey };
  return key;
}

/** A certificate that its own key signed, in PEM, as RFC 5280 (4.1) lays it out. */
export function certificate(name: string, from: Date, until: Date): string {
  const { privateKey, publicKey } = keyPair();
  const algorithm = der(SEQUENCE, der(OID, Buffer.from(ECDSA_SHA256, "hex")));
  const common = der(
    SEQUENCE,
    der(OID, Buffer.from(COMMON_NAME, "hex")),
    der(TEXT, Buffer.from(name)),
  );
  const subject = der(SEQUENCE, der(SET, common));
  const validity = der(SEQUENCE, utc(from), utc(until));
  const serial = der(INTEGER, Buffer.from([1]));
  const body = der(SEQUENCE, serial, algorithm, subject, validity, subject, publicKey);
  const signature = der(BITS, Buffer.from([0]), sign("sha256", body, privateKey));
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
