interface Named {
  readonly pod: string;
  readonly container: string;
}

/** Short names that tell the containers apart: ends of the pods' names, and the container where a pod has several. */
export function labelsOf(all: readonly Named[]): readonly string[] {
  const pods = [...new Set(all.map(({ pod }) => pod))];
  const shared = sharedHead(pods);
  const several = all.length > pods.length;
  return all.map(({ pod, container }) => {
    const parts = [pods.length > 1 ? pod.slice(shared) : "", several ? container : ""];
    return parts.filter((part) => part !== "").join("/") || container;
  });
}

/** Length of what all names begin with, up to a hyphen. */
function sharedHead([first = "", ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length]))
    length += 1;
  return first.slice(0, length).lastIndexOf("-") + 1;
}
