import { isObject } from "#domain/json.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";

type Labels = Readonly<Record<string, string>>;
type ObjectTest = (object: KubeObject) => boolean;

/** Reads a label selector: `a=b,c!=d,e in (x,y),f notin (z),g,!h`. Throws `invalid_input`. */
export function labelTest(selector: string | undefined): ObjectTest {
  const tests = requirements(selector ?? "").map(labelRequirement);
  return ({ metadata }) => tests.every((test) => test(metadata.labels));
}

/** Reads a field selector: `metadata.name=x,status.phase!=Running`. Throws `invalid_input`. */
export function fieldTest(kind: ResourceKind, selector: string | undefined): ObjectTest {
  const tests = requirements(selector ?? "").map((one) => fieldRequirement(kind, one));
  return (object) => tests.every((test) => test(object));
}

/** Splits at the commas that stand outside parentheses. */
function requirements(selector: string): readonly string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const KEY = String.raw`[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?`;
const VALUE = String.raw`[\w.-]*`;
const EQUAL = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

function labelRequirement(text: string): (labels: Labels) => boolean {
  const [, key = "", operator, value] = EQUAL.exec(text) ?? [];
  if (operator === "!=") return (labels) => labels[key] !== value;
  if (operator !== undefined) return (labels) => labels[key] === value;
  const [, setKey = "", word, list = ""] = SET.exec(text) ?? [];
  if (word !== undefined) return setRequirement(setKey, word, list);
  const [, not, name = ""] = EXISTS.exec(text) ?? [];
  if (not === undefined) throw badSelector("label", text, "Use name=value, name in (a,b) or name.");
  return (labels) => Object.hasOwn(labels, name) === (not === "");
}

function setRequirement(key: string, word: string, list: string): (labels: Labels) => boolean {
  const values = list.split(",").map((value) => value.trim());
  return (labels) => values.includes(labels[key] ?? "\0") === (word === "in");
}

const FIELDS: Partial<Record<ResourceKind, readonly string[]>> = {
  pods: ["status.phase", "spec.nodeName", "spec.restartPolicy", "status.podIP"],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "reason",
    "type",
    "source",
  ],
  replicasets: ["status.replicas"],
  secrets: ["type"],
};

function fieldRequirement(kind: ResourceKind, text: string): ObjectTest {
  const [, path = "", operator, value = ""] = /^([\w.]+)\s*(==|=|!=)\s*(.*)$/.exec(text) ?? [];
  const known = ["metadata.name", "metadata.namespace", ...(FIELDS[kind] ?? [])];
  if (operator === undefined || !known.includes(path)) {
    throw badSelector(
      "field",
      text,
      `Fields of ${kind}: ${known.join(", ")}, each =value or !=value.`,
    );
  }
  return (object) => (fieldOf(object, path) === value) === (operator !== "!=");
}

function fieldOf(object: KubeObject, path: string): string {
  let value: unknown = path === "source" ? object.source : object;
  for (const step of path === "source" ? ["component"] : path.split(".")) {
    value = isObject(value) ? value[step] : undefined;
  }
  return value === undefined ? "" : String(value);
}

function badSelector(sort: string, text: string, hint: string): OpsError {
  return new OpsError("invalid_input", `${JSON.stringify(text)} is no ${sort} selector.`, hint);
}
