import type { Section } from "./sections.ts";

/**
 * Text of others as Markdown that can neither be a link or an image, nor HTML, nor a heading of ours.
 * Plain web addresses stay: what they lead to can be seen.
 */
export function markdownText(text: string): string {
  return text
    .replaceAll(/<(?=[a-z/!?@#])/gi, "&lt;")
    .replaceAll(/\](?=[([:])/g, "]\\")
    .replaceAll(/^(\s{0,3})(#|-{3,}\s*$|={3,}\s*$|`{3,}|~{3,})/gm, "$1\\$2");
}

/** A report as a Markdown document. */
export function reportMarkdown(
  head: { readonly title: string; readonly byline: string },
  sections: readonly Section[],
): string {
  const parts = sections.map(({ heading, lines }) => [
    `## ${heading}`,
    lines.map(markdownText).join("\n"),
  ]);
  return [[`# ${markdownText(oneLine(head.title))}`, head.byline], ...parts]
    .map((part) => part.join("\n\n"))
    .join("\n\n");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
