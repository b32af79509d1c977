import { type TemplateRead, templateReads } from "#domain/kubernetes/template.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { MINUTE } from "#domain/window.ts";
import { getCall, undoOr } from "./calls.ts";
import { eventEvidence, waitingEvidence } from "./evidence.ts";
import { firstSeen, isUnstarted, type Patient, type PodRule, type Sign } from "./patient.ts";

/** What a pod needs and does not find. */
interface Missing {
  readonly kind: TemplateRead["kind"];
  readonly name: string;
  readonly key?: string;
}

type Found = Pick<Sign, "evidence" | "since" | "confidence"> & { readonly missing: Missing };

/**
 * ConfigMaps, Secrets and keys that kubelet does not find: as the message of CreateContainerConfigError
 * (pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables) or of the event FailedMount (pkg/volume/configmap and
 * secret, MakePayload). Where neither says so any more, references are compared with what exists.
 */
export const references: PodRule = (patient) => {
  const told = [...fromContainers(patient), ...fromEvents(patient)];
  const silent = !patient.events.some(({ reason }) => /^Failed(?:Mount|Attach)/.test(reason));
  const found = told.length === 0 && silent ? fromReferences(patient) : told;
  return found.map((each) => missingSign(patient, each));
};

function fromContainers(patient: Patient): readonly Found[] {
  return patient.parts.flatMap((part) => {
    const { reason = "", message = "" } = part.status.state.waiting ?? {};
    const missing = reason === "CreateContainerConfigError" ? readMissing(message) : undefined;
    if (missing === undefined) return [];
    const events = patient.events.filter((event) => event.message.includes(message));
    const evidence = [waitingEvidence(patient, part)];
    return [{ missing, evidence, since: firstSeen(events), confidence: "certain" }];
  });
}

function fromEvents(patient: Patient): readonly Found[] {
  if (!isUnstarted(patient)) return [];
  return patient.events.flatMap((event) => {
    const missing =
      event.reason === "FailedMount"
        ? (readMissing(event.message) ?? keyOf(patient, event.message))
        : undefined;
    if (missing === undefined) return [];
    const evidence = [eventEvidence(patient, event)];
    return [{ missing, evidence, since: event.firstAt, confidence: "certain" }];
  });
}

const ABSENT = /(configmap|secret) "([^"]+)" not found/i;
const NO_KEY = /couldn't find key (\S+) in (ConfigMap|Secret) [^\s/]+\/([^\s,]+)/;
const NO_FILE = /volume "([^"]+)".*references non-existent (config|secret) key: (\S+)/;

function readMissing(message: string): Missing | undefined {
  const [, key, holder = "", source] = NO_KEY.exec(message) ?? [];
  if (key !== undefined && source !== undefined) return { kind: kindOf(holder), name: source, key };
  const [, kind = "", name] = ABSENT.exec(message) ?? [];
  return name === undefined ? undefined : { kind: kindOf(kind), name };
}

/** The event names the volume; the pod tells which ConfigMap or Secret that is. */
function keyOf({ pod }: Patient, message: string): Missing | undefined {
  const [, volume, sort, key] = NO_FILE.exec(message) ?? [];
  if (volume === undefined || key === undefined) return undefined;
  const kind = kindOf(sort === "secret" ? "secret" : "configmap");
  const read = templateReads({ metadata: pod.metadata, spec: pod.spec }).find(
    (each) => each.kind === kind && each.how === "volume" && each.keys?.includes(key),
  );
  return { kind, name: read?.name ?? volume, key };
}

function kindOf(word: string): TemplateRead["kind"] {
  return word.toLowerCase() === "secret" ? "Secret" : "ConfigMap";
}

/** Kubelet tries again every few seconds; younger pods may simply not be there yet. */
const PATIENCE = MINUTE;

function fromReferences(patient: Patient): readonly Found[] {
  const { pod, snapshot } = patient;
  const age = snapshot.now.getTime() - Date.parse(pod.metadata.creationTimestamp ?? "");
  if (!isUnstarted(patient) || pod.spec.nodeName === "" || !(age > PATIENCE)) return [];
  return templateReads({ metadata: pod.metadata, spec: pod.spec })
    .filter((read) => !read.optional && isAbsent(read, patient))
    .slice(0, 1)
    .map(({ kind, name, how, container }) => ({
      missing: { kind, name },
      confidence: "likely",
      evidence: [
        {
          object: patient.name,
          field: `spec, container ${container}, ${how}`,
          value: `${kind} ${name}`,
        },
      ],
    }));
}

const resources = { ConfigMap: "configmaps", Secret: "secrets" } as const;

function isAbsent({ kind, name }: TemplateRead, { snapshot, pod }: Patient): boolean {
  const resource = resources[kind];
  if (snapshot.unread.includes(resource)) return false;
  return !snapshot
    .of(resource)
    .some(
      ({ metadata }) => metadata.name === name && metadata.namespace === pod.metadata.namespace,
    );
}

/** The keys that there are. */
function sourceCall({ pod }: Patient, { kind, name }: Missing) {
  const { namespace = "" } = pod.metadata;
  return {
    next: { tool: "kubectl_get", args: { resource_type: resources[kind], name, namespace } },
  };
}

function missingSign(patient: Patient, { missing, ...found }: Found): Sign {
  const { kind, name, key } = missing;
  const source = `${kind} ${quoted(name, 100)}`;
  const look = key === undefined ? getCall(patient, resources[kind]) : sourceCall(patient, missing);
  const next = undoOr(patient, found.since, look);
  if (key !== undefined) {
    return {
      ...found,
      ...next,
      cause: "missing_key",
      about: `${kind} ${name} ${key}`,
      summary: `Key ${quoted(key, 100)} is not in ${source}, which the pod needs to start.`,
      remedy: `Add the key to the ${kind}, or correct the reference in the pod template.`,
    };
  }
  return {
    ...found,
    ...next,
    cause: kind === "Secret" ? "missing_secret" : "missing_configmap",
    about: `${kind} ${name}`,
    summary: `${source} does not exist in namespace ${patient.pod.metadata.namespace ?? ""}, and the pod needs it to start.`,
    remedy: `Create the ${kind} (or install what creates it), or correct the reference in the pod template.`,
  };
}
