import { decide, findPending, type Pending } from "#calls/approve.ts";
import { audit } from "#calls/context.ts";
import { renderPlan } from "#domain/approvals/render.ts";
import { mayApprove } from "#domain/policy/decide.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { type Desk, recording } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";
import { isPassphrase } from "./passphrase.ts";
import { whyClosed } from "./pending.ts";

/** Shows a plan that waits, and asks the person in front of the terminal. */
export async function approve(desk: Desk): Promise<ExitCode> {
  const { office, terminal, words, user } = desk;
  const pending = await findPending(office.house, words[0] ?? "");
  const { code } = pending.approval;
  const closed = whyClosed(pending, office.house.wallClock.now());
  if (closed !== undefined) {
    terminal.warn(`Approval ${code} ${closed}. Nothing was decided.`);
    return exit.badCode;
  }
  if (!terminal.interactive) {
    terminal.warn("There is no terminal here to ask a person in. Run this command in one.");
    return exit.noTerminal;
  }
  const policy = await office.house.policy.load();
  terminal.say(planText(pending));
  const refused = await identify(desk, policy);
  if (refused !== undefined) {
    await attempted(desk, pending, refused.outcome);
    terminal.warn(refused.text);
    return exit.no;
  }
  const answer = await question(desk, pending);
  if (answer === "open") {
    terminal.say(`Left open until ${isoSeconds(pending.approval.expiresAt)}. Nothing was changed.`);
    return exit.no;
  }
  const channel = policy.require_passphrase ? "passphrase" : "terminal";
  const decision = { approve: answer === "yes", by: user, channel } as const;
  const decided = await decide(recording(desk), code, decision);
  if (decided === undefined) {
    terminal.warn(`Approval ${code} was decided or expired in between. Nothing was decided here.`);
    return exit.badCode;
  }
  terminal.say(answer === "yes" ? approvedText(pending) : "Declined. Nothing is changed.");
  return answer === "yes" ? exit.ok : exit.no;
}

function planText({ approval, action }: Pending): string {
  return [
    `Approval ${approval.code}, asked for by ${approval.principal}, open until ${isoSeconds(approval.expiresAt)}`,
    "",
    renderPlan(action.shown, action.reason),
    "",
  ].join("\n");
}

function approvedText({ approval, action }: Pending): string {
  return [
    `Approved. It is carried out when ${action.tool} is called again with approval_code ${approval.code},`,
    `before ${isoSeconds(approval.expiresAt)}: tell your assistant to go on.`,
  ].join("\n");
}

interface Refusal {
  readonly outcome: string;
  readonly text: string;
}

/** Whether this user may approve, by name and by passphrase. */
async function identify(desk: Desk, policy: Policy): Promise<Refusal | undefined> {
  const { user, office, terminal } = desk;
  if (!mayApprove(policy, user)) {
    const approvers = policy.approvers?.join(", ");
    return {
      outcome: "not an approver",
      text: `The policy lets ${approvers} approve, and you are ${user}. Nothing was decided.`,
    };
  }
  if (!policy.require_passphrase) return undefined;
  const { keys } = await office.house.records();
  const stored = await keys.passphrase();
  if (stored === undefined) {
    return {
      outcome: "no passphrase set",
      text: "The policy asks for the approver's passphrase and none is set. Set it with `firewatch approver`.",
    };
  }
  const given = await terminal.askHidden("Approver's passphrase: ");
  if (given !== undefined && (await isPassphrase(given, stored))) return undefined;
  return { outcome: "wrong passphrase", text: "That is not the passphrase. Nothing was decided." };
}

/** High risk takes the target's name, so that nobody says yes to the wrong thing by habit. */
async function question(desk: Desk, { action }: Pending): Promise<"yes" | "no" | "open"> {
  const { risk, target } = action.shown;
  const yes = risk === "high" ? target.name : "yes";
  const typed = await desk.terminal.ask(
    risk === "high"
      ? `High risk. Type the target's name, ${target.name}, to approve, or no to decline: `
      : "Carry it out? Type yes or no: ",
  );
  if (typed === yes) return "yes";
  return typed?.toLowerCase() === "no" ? "no" : "open";
}

function attempted(desk: Desk, { approval, action }: Pending, outcome: string): Promise<void> {
  return audit(
    recording(desk),
    { principal: desk.user, client: "terminal" },
    {
      event: "approval_attempt",
      outcome,
      tool: action.tool,
      actionId: action.id,
      detail: { code: approval.code },
    },
  );
}
