/** What applications say when something outside fails them: words of Go, Node, Python, the JVM, libc and databases. */

/** No answer of a resolver, or none that is an address (Go net, getaddrinfo, Node, the JVM). */
const RESOLVER =
  /no such host|server misbehaving|EAI_AGAIN|ENOTFOUND|NXDOMAIN|SERVFAIL|Temporary failure in name resolution|Name or service not known|UnknownHostException|getaddrinfo|could not translate host name|lookup \S+(?: on \S+)?: (?:i\/o timeout|read udp)/i;

/** The resolver itself fails, whatever the name is. */
const NO_RESOLVER =
  /server misbehaving|EAI_AGAIN|SERVFAIL|Temporary failure in name resolution|lookup \S+(?: on \S+)?: (?:i\/o timeout|read udp|dial udp)|:53: (?:i\/o timeout|read|connect)/i;

/** Nobody answers, or not as asked. */
const REFUSED =
  /connection refused|ECONNREFUSED|connection reset by peer|ECONNRESET|ETIMEDOUT|connection timed out|i\/o timeout|no route to host|EHOSTUNREACH|network is unreachable|could not connect to|failed to connect|unable to connect|cannot connect|can't connect|Connection to \S+ (?:failed|refused|timed out)|out of available brokers|connection attempt failed|broker transport failure|MongoNetworkError|MongoServerSelectionError|SequelizeConnection|OperationalError|upstream (?:connect error|unavailable)|dependency .*(?:unavailable|failed)|(?:database|db|redis|postgres\w*|mysql|kafka|rabbitmq|mongo\w*).*(?:unavailable|unreachable|not available|timed? ?out)/i;

/** The other side answers and does not let in. */
const LOCKED_OUT =
  /password authentication failed|Access denied for user|authentication failed for user|WRONGPASS|NOAUTH Authentication required|no pg_hba\.conf entry|SASL authentication failed|Login failed for user|FATAL: {1,2}role "[^"]*" does not exist|FATAL: {1,2}database "[^"]*" does not exist|too many (?:clients|connections)/i;

/** Lines of a stack trace, which say where and not why. */
const FRAME = /^\s+at |^\s+File "|^goroutine \d|^\t|^\s*\.{3} \d+ more/;
/** What a run says at its end tells why it ended. */
const LAST = 15;

/** The newest lines that may say why. */
export function newest(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !FRAME.test(line)).slice(-LAST);
}

/** Lines about a name that was not resolved. */
export function resolverLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => RESOLVER.test(line));
}

/** Of those the ones in which the resolver itself failed. */
export function brokenResolverLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => NO_RESOLVER.test(line));
}

/** Lines about a dependency that refuses, is silent or does not let in. */
export function dependencyLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => REFUSED.test(line) || LOCKED_OUT.test(line));
}

export function isLockedOut(line: string): boolean {
  return LOCKED_OUT.test(line);
}

/** The kernel's words for a program of another architecture. */
export function formatLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => /exec format error/i.test(line));
}

const HOSTS = [
  /lookup ([\w.-]+)/,
  /(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/,
  /UnknownHostException: ([\w.-]+)/,
  /host name "([\w.-]+)"/,
  /(?:resolve|resolving)(?: host(?:name)?)?:? ['"]?([\w-]+(?:\.[\w-]+)+)/i,
] as const;

/** The name that a line says was not resolved. */
export function unresolvedName(line: string): string | undefined {
  return HOSTS.map((words) => words.exec(line)?.[1]).find((name) => name !== undefined);
}

const TELLING =
  /error|exception|panic|fatal|fail|abort|traceback|cannot|can't|unable|invalid|missing|required|denied/i;
/** Said at every end, whatever brought it. */
const PARTING =
  /\bexit(?:ing|ed|s)?\b|giving up|shut(?:ting)? ?down|terminat|stopp(?:ed|ing)|start-?up failed|(?:failed|could not|unable) to start|aborting|exit (?:status|code)/i;

function isOutside(line: string): boolean {
  return RESOLVER.test(line) || REFUSED.test(line) || LOCKED_OUT.test(line);
}

/** The newest line that names a reason: what was said before it was got over, or led to it. */
export function reasonOfEnd(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => isOutside(line) || (TELLING.test(line) && !PARTING.test(line)));
}

/** The last lines that look like the reason of an end. */
export function lastWords(lines: readonly string[]): readonly string[] {
  const telling = lines.filter((line) => TELLING.test(line));
  return (telling.length > 0 ? telling : lines).slice(-2);
}
