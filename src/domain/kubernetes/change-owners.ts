import type { Owner } from "#domain/approvals/action.ts";
import type { KubeObject } from "./object.ts";
import { gitOpsOwners } from "./ownership.ts";
import { controllerOf } from "./workload.ts";

type Owned = Pick<KubeObject, "metadata">;

/** Whoever takes a change of the object's spec back: GitOps controllers, and the operator that made the object. */
export function specOwners(object: Owned): readonly Owner[] {
  return [...gitOpsOwners(object), ...operatorOwners(object)];
}

/** An object that another one controls is written by that one's operator, at its next look. */
function operatorOwners({ metadata }: Owned): readonly Owner[] {
  const owner = controllerOf(metadata);
  if (!owner) return [];
  const effect = "its operator sets the object back to what it says";
  return [{ by: "Operator", name: `${owner.kind} ${owner.name}`, effect }];
}

/** What Helm does not know of. */
export function helmWarning({ metadata }: Owned, instead: string): readonly string[] {
  const release = metadata.annotations["meta.helm.sh/release-name"];
  if (release === undefined) return [];
  return [
    `Helm release ${release} installed it and will not know of this: its next upgrade or rollback sets its own again${instead}.`,
  ];
}
