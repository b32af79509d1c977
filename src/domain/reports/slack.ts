import type { Section } from "./sections.ts";

/** Slack's limits: characters of a header and of a section's text, blocks of a message. */
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_BLOCKS = 50;
/** Slack refuses messages of about 13,200 characters in all, whatever the blocks. */
const MAX_TOTAL = 12_000;

type Block = Readonly<Record<string, unknown>>;

/** Text for Slack that is shown as it is: it can ping nobody and hide no link. */
export function slackText(text: string): string {
  return [...text].map(escapeOne).join("");
}

/** A report as Block Kit, in plain text throughout, within Slack's limits. `more` tells where the rest is. */
export function reportBlocks(
  head: { readonly title: string; readonly byline: string },
  sections: readonly Section[],
  more: string,
): readonly Block[] {
  const bodies = sections.flatMap(({ heading, lines }) =>
    pieces(`${heading}\n${lines.join("\n")}`, MAX_SECTION),
  );
  const kept = within(bodies, MAX_TOTAL, MAX_BLOCKS - 3);
  const cut = kept.length < bodies.length ? [context(more)] : [];
  const [title = "Incident report"] = pieces(head.title.replaceAll(/\s+/g, " "), MAX_HEADER);
  return [
    { type: "header", text: plain(title) },
    context(head.byline),
    ...kept.map((body) => ({ type: "section", text: plain(body) })),
    ...cut,
  ];
}

/** Escaped pieces of at most `most` characters; an escape is never cut in two. */
function pieces(text: string, most: number): readonly string[] {
  const found: string[] = [];
  let piece = "";
  for (const character of text) {
    const escaped = escapeOne(character);
    if (piece.length + escaped.length > most) {
      found.push(piece);
      piece = "";
    }
    piece += escaped;
  }
  return [...found, piece].filter((one) => one.trim() !== "");
}

function within(bodies: readonly string[], characters: number, blocks: number): readonly string[] {
  let used = 0;
  const fits = bodies.findIndex((body) => {
    used += body.length;
    return used > characters;
  });
  return bodies.slice(0, Math.min(fits < 0 ? bodies.length : fits, blocks));
}

function context(text: string): Block {
  return { type: "context", elements: [plain(slackText(text))] };
}

function plain(text: string): Block {
  return { type: "plain_text", text, emoji: false };
}

function escapeOne(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    default:
      return character;
  }
}
