import { endingSoon, endText } from "#domain/diagnosis/objects/certificates.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";

/** Kinds that hold certificates, with the word for each. */
const words: Partial<Record<ResourceKind, string>> = {
  secrets: "Secret",
  validatingwebhookconfigurations: "ValidatingWebhookConfiguration",
  mutatingwebhookconfigurations: "MutatingWebhookConfiguration",
};

interface Ending {
  readonly at: Date;
  readonly text: string;
}

/** Takes Secrets and webhook configurations page by page and keeps those whose certificates end soonest. */
export function openCertificates(now: Date, most: number) {
  let soonest: readonly Ending[] = [];
  let total = 0;
  return {
    add(kind: ResourceKind, objects: readonly KubeObject[]): void {
      const found = objects.flatMap((object) => endingOf(kind, object, now));
      total += found.length;
      soonest = [...soonest, ...found].sort((a, b) => +a.at - +b.at).slice(0, most);
    },
    result: () => ({ soonest: soonest.map(({ text }) => text), total }),
  };
}

function endingOf(kind: ResourceKind, object: KubeObject, now: Date): readonly Ending[] {
  const { namespace, name } = object.metadata;
  const label = `${words[kind] ?? kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const ends = endingSoon(label, object, now).slice(0, 1);
  return ends.map(({ at }) => ({ at, text: `${label} ${endText(at, now)}` }));
}
