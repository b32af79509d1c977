import type { AlarmState } from "./alarm.ts";

/** One alarm that a composite alarm's rule refers to, and the state that it asks about. */
export interface RuleReference {
  readonly name: string;
  readonly asks: AlarmState;
}

const STATES = new Map<string, AlarmState>([
  ["ALARM", "ALARM"],
  ["OK", "OK"],
  ["INSUFFICIENT_DATA", "INSUFFICIENT_DATA"],
]);
const OPERATORS = new Set(["AND", "OR", "NOT", "TRUE", "FALSE", "AT_LEAST"]);
const TOKEN = /"(?:[^"\\]|\\.)*"|[(),]|[^\s(),"]+/g;

/**
 * The alarms that a rule refers to, in its order and each once per state: `ALARM("x")`, `OK(x)`, names or ARNs,
 * quoted or not, and the lists of `AT_LEAST(2, ALARM, (a, b))`.
 */
export function ruleReferences(rule: string): RuleReference[] {
  const found = new Map<string, RuleReference>();
  let asks: AlarmState = "ALARM";
  let before = "";
  for (const token of rule.match(TOKEN) ?? []) {
    const state = STATES.get(token);
    if (state) asks = state;
    else if (isName(token, before)) {
      const name = alarmName(token);
      found.set(`${asks} ${name}`, { name, asks });
    }
    before = token;
  }
  return [...found.values()];
}

/** Names stand right after a bracket or a comma; a number there is the count of `AT_LEAST`. */
function isName(token: string, before: string): boolean {
  if (token.startsWith('"')) return true;
  if (/^[(),]$/.test(token) || OPERATORS.has(token) || /^\d+%?$/.test(token)) return false;
  return before === "(" || before === ",";
}

function alarmName(token: string): string {
  const bare = token.startsWith('"') ? token.slice(1, -1).replaceAll(/\\(.)/g, "$1") : token;
  return /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(bare)?.[1] ?? bare;
}

/** The names of the alarms under a composite alarm, each once. */
export function childNames(rule: string): string[] {
  return [...new Set(ruleReferences(rule).map(({ name }) => name))];
}
