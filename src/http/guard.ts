import { isIpAddress, isLoopback } from "./address.ts";

/** Who may address the server from where. */
export interface Doors {
  /** The address that the server listens on. */
  readonly host: string;
  /** Host names besides localhost, this machine's name and IP addresses. */
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly machineName: string;
}

/**
 * Whether the Host header names this server. A page that rebinds its own name to our address is
 * refused; an IP address cannot be rebound.
 */
export function isOurHost(header: string | undefined, doors: Doors): boolean {
  const host = header === undefined ? undefined : hostName(header);
  if (host === undefined) return false;
  const names = ["localhost", doors.machineName, doors.host, ...doors.allowedHosts];
  return isIpAddress(host) || names.some((name) => name.toLowerCase() === host);
}

/** Programs send no Origin; a web page's must be of this machine, while only it can reach us, or allowed. */
export function isAllowedOrigin(origin: string | undefined, doors: Doors): boolean {
  if (origin === undefined || doors.allowedOrigins.includes(origin)) return true;
  const host = URL.canParse(origin) ? new URL(origin).hostname : "";
  return isLoopback(doors.host) && isLoopback(bare(host));
}

function hostName(header: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(header) || !URL.canParse(`http://${header}`)) return undefined;
  return bare(new URL(`http://${header}`).hostname);
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
}
