import { shellCommand } from "#domain/text/shell.ts";
import type { Call } from "#tools/tool.ts";

/** A kubectl or helm command for a person, with the cluster that this call is bound to. */
export function byHand(
  program: "helm" | "kubectl",
  words: readonly string[],
  { place }: Pick<Call, "place">,
): string {
  const option = program === "helm" ? "--kube-context" : "--context";
  return shellCommand([program, ...words, ...(place === undefined ? [] : [option, place])]);
}
