/** Parts of an image's name as the container runtime reads them. */
interface ImageParts {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const IMAGE =
  /^((?:[a-zA-Z0-9.-]+(?::\d{1,5})?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Undefined for what no runtime takes as an image. */
export function imageParts(image: string): ImageParts | undefined {
  const [, repository, tag = "", digest = ""] = IMAGE.exec(image) ?? [];
  return repository === undefined ? undefined : { repository, tag, digest };
}

/** What the name of the new image tells, beside that it is new. `known`: images of revisions that are kept. */
export function imageWarnings(
  before: string,
  after: string,
  known: readonly string[],
): readonly string[] {
  const [was, is] = [imageParts(before), imageParts(after)];
  if (!is) return [];
  const moving = is.digest === "" && (is.tag === "" || is.tag === "latest");
  return [
    ...(moving
      ? [
          `The tag ${is.tag || "latest"} moves: pods may run different images, and the way back may not be the same one.`,
        ]
      : []),
    ...(was && was.repository !== is.repository
      ? [`It is of another repository: ${is.repository} instead of ${was.repository}.`]
      : []),
    ...(known.includes(after)
      ? []
      : [
          `No revision that is kept ran it: whether the registry has it, for the architecture of the nodes${is.digest === "" ? "" : " too"}, shows when a pod pulls it.`,
        ]),
  ];
}
