/** `maybe`: what decides it is not known. */
export type Match = "yes" | "no" | "maybe";

const EVERYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/** Where clusters and their networks live: RFC 1918, shared and link-local addresses. */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
];

/**
 * Whether a block of addresses means a pod. Plug-ins differ in whether blocks mean pods at all, so that an address
 * inside is only a `maybe`, as is a private block when the address is not known. Blocks of IPv6 are not computed.
 */
export function blockMatch(cidr: string, address: string | undefined): Match {
  if (EVERYWHERE.includes(cidr)) return "yes";
  const block = readBlock(cidr);
  if (block === undefined) return "maybe";
  if (address === undefined) return PRIVATE.some((each) => overlaps(each, block)) ? "maybe" : "no";
  const at = numberOf(address);
  return at === undefined || holds(block, at) ? "maybe" : "no";
}

interface Block {
  readonly first: number;
  readonly size: number;
}

function readBlock(cidr: string): Block | undefined {
  const [base = "", bits] = cidr.split("/");
  const at = numberOf(base);
  if (at === undefined || bits === undefined) return undefined;
  const size = 2 ** (32 - Number(bits));
  return { first: Math.floor(at / size) * size, size };
}

function numberOf(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  const valid = parts.length === 4 && parts.every((part) => part >= 0 && part <= 255);
  return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

function holds({ first, size }: Block, at: number): boolean {
  return at >= first && at < first + size;
}

function overlaps(cidr: string, block: Block): boolean {
  const other = readBlock(cidr);
  return other !== undefined && (holds(other, block.first) || holds(block, other.first));
}
