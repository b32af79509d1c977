import type { Effect } from "#sandbox/effect.ts";
import type { App, StoryRevision, Values } from "./app.ts";

type Image = Values["image"];
type Change = Extract<Effect, { type: "set_container" }>;

/** `shop/checkout:v4.12.0`. */
export function imageText({ repository, tag }: Image): string {
  return tag === "" ? repository : `${repository}:${tag}`;
}

/** A colon before the last slash is of the registry's port. */
function readImage(text: string): Image {
  const colon = text.lastIndexOf(":");
  if (colon <= text.lastIndexOf("/")) return { repository: text, tag: "" };
  return { repository: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The revision's template with another image or other resources. The registry has what the story's revisions ran. */
export function withContainer(app: App, source: StoryRevision, change: Change): StoryRevision {
  const { failure, untagged, ...rest } = source;
  const image = change.image === undefined ? source.values.image : readImage(change.image);
  const { requests, limits } = source.values.resources;
  const resources = {
    requests: merged(requests, change.requests),
    limits: merged(limits, change.limits),
  };
  const there = app.revisions.some(
    ({ values, ...known }) =>
      imageText(values.image) === imageText(image) && !known.untagged && !known.failure,
  );
  return {
    ...rest,
    values: { ...source.values, image, resources },
    ...(there ? {} : { untagged: true }),
  };
}

function merged(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...before, ...change });
  return Object.fromEntries(all.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

/** Whether both run the same program. */
export function sameImage(a: StoryRevision, b: StoryRevision): boolean {
  return imageText(a.values.image) === imageText(b.values.image);
}
