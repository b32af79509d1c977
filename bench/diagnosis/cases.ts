import type { Case, CaseMaker } from "./case.ts";
import { makers } from "./cases/index.ts";
import { dressed } from "./dress.ts";
import { oddities } from "./oddities.ts";
import { mixed, randomOf } from "./random.ts";
import { accountParts, clusterDns, ground } from "./world/ground.ts";
import type { Manifest } from "./world/manifest.ts";
import { sceneOf } from "./world/scene.ts";

/** So many cases of every sort. The same numbers make the same cases. */
export function casesOf(seed: number, rounds: number, now: Date): readonly Case[] {
  return Array.from({ length: rounds }, (_, round) =>
    makers.map((maker, index) =>
      caseOf(maker, mixed(seed, round, index), `${round}-${index}`, now),
    ),
  ).flat();
}

function caseOf(maker: CaseMaker, seed: number, unique: string, now: Date): Case {
  const scene = sceneOf(randomOf(seed), now, unique);
  const told = dressed(scene, maker.make(scene));
  const odd = oddities(scene);
  const replaced = new Set((told.nodes ?? []).map(keyOf));
  const around = ground(scene).filter((each) => !replaced.has(keyOf(each)));
  const objects = [
    ...around,
    ...(told.nodes ?? []),
    ...(told.dns ?? clusterDns(scene)),
    ...told.objects,
    ...odd.flatMap((one) => one.objects),
  ];
  return {
    cause: maker.cause,
    namespace: scene.namespace,
    subject: told.subject,
    now,
    objects: [...objects, ...accountParts(scene, objects)],
    logs: [...(told.logs ?? []), ...odd.flatMap(({ logs = [] }) => logs)],
  };
}

function keyOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}
