import { table } from "#domain/text/table.ts";
import { quoted } from "#domain/text/untrusted.ts";
import type { Described } from "./kubectl-describe.ts";

/** The text of `kubectl_describe`: what is, what it belongs to, what happened. */
export function describedText(found: Described): string {
  const { kind, name, namespace, owners, volumes, tolerations, left_out, unread } = found;
  return [
    `${kind} ${name}${namespace === undefined ? "" : ` in namespace ${namespace}`}`,
    ...Object.entries(found.facts).map(([fact, text]) => `${fact}: ${factText(fact, text)}`),
    line("works for", owners, " < "),
    conditionsText(found.conditions),
    ...found.containers.map(containerText),
    line("volumes", volumes, "; "),
    line("tolerates", tolerations, ", "),
    ...found.children.map(childrenText),
    unread.includes("events") ? "" : eventsText(found.events),
    line("left out", left_out, "; "),
    line("not read, for these credentials cannot", unread, ", "),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function line(title: string, texts: readonly string[], between: string): string {
  return texts.length === 0 ? "" : `${title}: ${texts.map(plain).join(between)}`;
}

/** Anything but words, names and numbers is shown as data. */
const PLAIN = /^[\w ./:@%+=,;()<>!*&'-]*$/;

function plain(text: string): string {
  return PLAIN.test(text) ? text : quoted(text, text.length);
}

/** One word, as conditions and settings should be; a sentence could be anybody's. */
const WORD = /^[\w.:/@%+=,-]*$/;

function word(text: string): string {
  return WORD.test(text) ? text : quoted(text, text.length);
}

function factText(fact: string, text: string): string {
  return fact.startsWith("spec.") ? word(text) : plain(text);
}

function conditionsText(conditions: Described["conditions"]): string {
  const texts = conditions.map(({ type, status, since, reason, message, bad }) => {
    const why = [word(reason), bad && message !== "" ? quoted(message) : ""].filter(
      (part) => part !== "",
    );
    const told = why.length === 0 ? "" : ` (${why.join(": ")})`;
    return `${word(type)}=${word(status)}${since === "" ? "" : ` for ${since}`}${told}`;
  });
  return texts.length === 0 ? "" : `conditions: ${texts.join("; ")}`;
}

function containerText(container: Described["containers"][number]): string {
  const { name, role, image, restarts, message } = container;
  const details = [
    ["state", plain(container.state)],
    ["last run", plain(container.last_state)],
    ["restarts", restarts === 0 ? "" : String(restarts)],
    ["resources", plain(container.resources)],
    ["probes", plain(container.probes)],
    ["message", message === "" ? "" : quoted(message)],
  ].filter(([, text]) => text !== "");
  const lines = details.map(([title, text]) => `  ${title}: ${text}`);
  return [`${role} ${plain(name)}, image ${word(image)}`, ...lines].join("\n");
}

function childrenText({ summary, names }: Described["children"][number]): string {
  return `below: ${summary}${names.length === 0 ? "" : ` ${names.join(", ")}`}`;
}

function eventsText(events: Described["events"]): string {
  if (events.length === 0) return "events: none in the last hour or so";
  const rows = events.map((event) => [
    event.last_seen,
    event.type,
    event.reason,
    event.about,
    `${event.count}`,
    event.first_seen,
    event.message && quoted(event.message),
  ]);
  const head = ["last seen", "type", "reason", "about", "count", "first seen", "message"];
  return `events:\n${table(head, rows)}`;
}
