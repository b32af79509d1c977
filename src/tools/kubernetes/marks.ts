import type { Call } from "#tools/tool.ts";

/** What an action leaves on the object that it changed: which action it was, by which approval, of which incident. */
export function marks({ action }: Pick<Call, "action">): Readonly<Record<string, string>> {
  if (action === undefined) return {};
  const { id, incident, approval } = action;
  return {
    "firewatch.dev/action": id,
    ...(approval === undefined ? {} : { "firewatch.dev/approval": approval }),
    ...(incident === undefined ? {} : { "firewatch.dev/incident": incident }),
  };
}
