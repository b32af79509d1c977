import { basename } from "node:path";
import { inflateRawSync } from "node:zlib";

export interface ZipFile {
  readonly name: string;
  readonly data: Buffer;
}

/** Offsets are those of the ZIP format: its end record, its central directory, its local headers. */
const END_RECORD = Buffer.from("PK\x05\x06", "latin1");
const DEFLATED = 8;

/** The files of a ZIP archive, without their folders. */
export function* unzip(zip: Buffer): Generator<ZipFile> {
  const end = zip.lastIndexOf(END_RECORD);
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(entry + 28);
    const path = zip.toString("utf8", entry + 46, entry + 46 + nameLength);
    if (!path.endsWith("/")) yield { name: basename(path), data: content(zip, entry) };
    entry += 46 + nameLength + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
}

function content(zip: Buffer, entry: number): Buffer {
  const header = zip.readUInt32LE(entry + 42);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const data = zip.subarray(start, start + zip.readUInt32LE(entry + 20));
  return zip.readUInt16LE(entry + 10) === DEFLATED ? inflateRawSync(data) : data;
}
