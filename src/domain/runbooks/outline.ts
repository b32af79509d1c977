import type { JsonObject } from "#domain/json.ts";
import type { Runbook } from "./runbook.ts";
import type { Step } from "./steps.ts";

/** A step in a few words: what it calls or waits for, and where it leads. */
export interface StepOutline {
  readonly id: string;
  readonly kind: Step["kind"];
  readonly name: string;
  readonly tool?: string;
  readonly args?: JsonObject;
  readonly check?: string;
  readonly detail?: string;
}

export function outlineSteps({ steps }: Runbook): readonly StepOutline[] {
  return steps.map((step) => {
    const { id, kind, name } = step;
    const detail = [...details(step), ...failure(step)].join(" ");
    return { id, kind, name, ...calls(step), ...(detail ? { detail } : {}) };
  });
}

function calls(step: Step): Pick<StepOutline, "tool" | "args" | "check"> {
  if (step.kind === "tool") return { tool: step.tool, args: step.args };
  const [read] = step.kind === "verify" ? step.reads : [];
  if (step.kind !== "verify" || !read) return {};
  return { tool: read.tool, args: read.args, check: step.check };
}

function details(step: Step): readonly string[] {
  switch (step.kind) {
    case "tool":
      return step.approval === "person" ? ["A person approves."] : [];
    case "verify":
      return [verifying(step)];
    case "wait":
      return [`${step.wait_seconds} s.`];
    case "approval":
      return [step.approval.message];
    case "branch":
      return [...step.cases.map((one) => `${one.check}: ${one.goto}.`), `Else: ${step.otherwise}.`];
    case "note":
      return [step.text];
    case "notify":
      return [step.text];
  }
}

function verifying(step: Extract<Step, { kind: "verify" }>): string {
  const named = step.reads.flatMap(({ values }) => Object.entries(values));
  const where = named.map(([name, path]) => `${name} is ${path}. `).join("");
  const { initial_delay_seconds, interval_seconds, count, consecutive } = step;
  const delay = initial_delay_seconds > 0 ? `After ${initial_delay_seconds} s, ` : "";
  const rhythm = `${delay}every ${interval_seconds} s, ${count} times at most`;
  return `${where}${rhythm}; ${consecutive} in a row pass.`;
}

function failure(step: Step): readonly string[] {
  if (!("on_failure" in step) || step.on_failure === "abort") return [];
  const { on_failure } = step;
  return [`On failure: ${typeof on_failure === "object" ? on_failure.goto : on_failure}.`];
}
