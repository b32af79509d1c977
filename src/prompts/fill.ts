import type { JsonObject } from "#domain/json.ts";
import { fillArgs, templateNames } from "#domain/runbooks/parameters.ts";
import { quoted } from "#domain/text/untrusted.ts";

/** Arguments as a host sends them; empty text counts as not given. */
export type Arguments = Readonly<Record<string, string | undefined>>;

interface FactCall {
  readonly tool: string;
  readonly args: JsonObject;
}

/** The calls whose arguments are all given, filled in. */
export function factCalls(facts: readonly FactCall[], args: Arguments): readonly FactCall[] {
  const given = presentOf(args);
  return facts
    .filter(({ args: wanted }) => templateNames(wanted).every((name) => Object.hasOwn(given, name)))
    .map(({ tool, args: wanted }) => ({ tool, args: fillArgs(wanted, given) }));
}

/** The role, what was given, and each fact under the call that it answers. */
export function promptText(
  body: string,
  args: Arguments,
  calls: readonly FactCall[],
  factTexts: readonly string[],
): string {
  const given = Object.entries(presentOf(args)).map(([name, value]) => `${name} ${quoted(value)}`);
  const scope =
    given.length > 0 ? `Given: ${given.join(", ")}.` : "Nothing was named: begin with the alarms.";
  const facts = calls.map(({ tool, args }, index) => {
    const call = `${tool} ${JSON.stringify(args)}`;
    return `### ${call}\n\n${factTexts[index] ?? "No answer."}`;
  });
  const head = facts.length > 0 ? ["## Facts read just now"] : [];
  return [body, scope, ...head, ...facts].join("\n\n");
}

function presentOf(args: Arguments): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) =>
      value === undefined || value.trim() === "" ? [] : [[name, value]],
    ),
  );
}
