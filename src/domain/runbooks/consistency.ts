import type { Json } from "#domain/json.ts";
import { checkFault } from "./checks.ts";
import { templateNames, valueFault } from "./parameters.ts";
import type { RunbookShape } from "./schema.ts";
import type { Read, Step } from "./steps.ts";

export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Ends a run as resolved. */
const END = "end";

/** Faults that lie between parts of a runbook: names, jumps, conditions, examples. */
export function consistencyFaults(runbook: RunbookShape): readonly Fault[] {
  return [
    ...parameterFaults(runbook),
    ...preconditionFaults(runbook),
    ...runbook.steps.flatMap((step, index) => stepFaults(runbook, step, index)),
    ...compensationFaults(runbook),
  ];
}

function parameterFaults({ parameters }: RunbookShape): readonly Fault[] {
  return parameters.flatMap((parameter, index) => {
    const path = ["parameters", index];
    const given = [
      parameter.example,
      ...(parameter.default === undefined ? [] : [parameter.default]),
    ];
    return [
      ...faultIf(
        parameters.findIndex(({ name }) => name === parameter.name) < index,
        path,
        "is named twice",
      ),
      ...given.flatMap((value) => fault(path, valueFault(parameter, value))),
    ];
  });
}

function preconditionFaults(runbook: RunbookShape): readonly Fault[] {
  return runbook.preconditions.flatMap(({ reads, check }, index) => {
    const path = ["preconditions", index];
    const names = new Set([...parameterNames(runbook), ...reads.flatMap(namesOf)]);
    return [
      ...readFaults(runbook, reads, path),
      ...fault([...path, "check"], checkFault(check, names)),
    ];
  });
}

function stepFaults(runbook: RunbookShape, step: Step, index: number): readonly Fault[] {
  const path = ["steps", index];
  const earlier = runbook.steps.slice(0, index);
  return [
    ...faultIf(
      earlier.some(({ id }) => id === step.id),
      [...path, "id"],
      "is used by an earlier step",
    ),
    ...faultIf(step.id === END, [...path, "id"], "is reserved"),
    ...jumps(step).flatMap((to) => jumpFault(runbook, to, index, path)),
    ...textFaults(runbook, step, path),
    ...conditionFaults(runbook, step, index),
  ];
}

/** Only forward, so that a run cannot go in circles. */
function jumpFault({ steps }: RunbookShape, to: string, from: number, path: Fault["path"]) {
  const at = steps.findIndex(({ id }) => id === to);
  return faultIf(to !== END && at <= from, path, `goes to ${to}, which is no later step`);
}

function jumps(step: Step): readonly string[] {
  const failure =
    "on_failure" in step && typeof step.on_failure === "object" ? [step.on_failure.goto] : [];
  if (step.kind !== "branch") return failure;
  return [...step.cases.map((one) => one.goto), step.otherwise];
}

function conditionFaults(runbook: RunbookShape, step: Step, index: number): readonly Fault[] {
  const before = new Set([
    ...parameterNames(runbook),
    ...runbook.steps.slice(0, index).flatMap(namesGivenBy),
  ]);
  const known = new Set([...before, ...namesGivenBy(step)]);
  const path = ["steps", index];
  return [
    ...fault([...path, "when"], step.when && checkFault(step.when, before)),
    ...conditions(step).flatMap((check) => fault([...path, "check"], checkFault(check, known))),
  ];
}

function conditions(step: Step): readonly string[] {
  if (step.kind === "branch") return step.cases.map(({ check }) => check);
  if (step.kind !== "verify") return [];
  return step.fail_check === undefined ? [step.check] : [step.check, step.fail_check];
}

function namesGivenBy(step: Step): readonly string[] {
  if (step.kind === "tool") return namesOf(step);
  if (step.kind === "verify") return step.reads.flatMap(namesOf);
  return step.kind === "note" ? step.form.map(({ name }) => name) : [];
}

function namesOf({ values }: Pick<Read, "values">): readonly string[] {
  return Object.keys(values);
}

function textFaults(runbook: RunbookShape, step: Step, path: Fault["path"]): readonly Fault[] {
  if (step.kind === "tool") return templateFaults(runbook, step.args, [...path, "args"]);
  if (step.kind === "verify") return readFaults(runbook, step.reads, path);
  if (step.kind === "approval") return templateFaults(runbook, step.approval.message, path);
  if (step.kind === "note" || step.kind === "notify")
    return templateFaults(runbook, step.text, path);
  return [];
}

function readFaults(runbook: RunbookShape, reads: readonly Read[], path: Fault["path"]) {
  return reads.flatMap(({ args }, index) =>
    templateFaults(runbook, args, [...path, "reads", index]),
  );
}

function compensationFaults(runbook: RunbookShape): readonly Fault[] {
  return runbook.compensation.flatMap((way, index) => {
    const path = ["compensation", index];
    const step = runbook.steps.find(({ id }) => id === way.for);
    return [
      ...faultIf(step?.kind !== "tool", [...path, "for"], "names no step that calls a tool"),
      ...templateFaults(runbook, way.args, [...path, "args"]),
    ];
  });
}

/** A template may name a parameter, or a value that some step reads. */
function templateFaults(runbook: RunbookShape, value: Json, path: Fault["path"]): readonly Fault[] {
  const known = new Set([...parameterNames(runbook), ...runbook.steps.flatMap(namesGivenBy)]);
  const unknown = templateNames(value).filter((name) => !known.has(name));
  return unknown.map((name) => ({ path, message: `no parameter or value is named ${name}` }));
}

function parameterNames({ parameters }: RunbookShape): readonly string[] {
  return parameters.map(({ name }) => name);
}

function fault(path: Fault["path"], message: string | undefined): readonly Fault[] {
  return message ? [{ path, message }] : [];
}

function faultIf(wrong: boolean, path: Fault["path"], message: string): readonly Fault[] {
  return wrong ? [{ path, message }] : [];
}
