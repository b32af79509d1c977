import type { DoctorCheck } from "#domain/doctor.ts";

const subject = "Slack webhook";

/** Tries the webhook without posting: Slack looks at the address first, and refuses an empty message after. */
export async function checkSlack(
  url: string | undefined,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  if (url === undefined) return [notConfigured];
  try {
    const { status } = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      signal,
    });
    return [status === 400 ? works : refused(status)];
  } catch {
    return [unreachable];
  }
}

const works: DoctorCheck = { subject, status: "ok", detail: "known to Slack; nothing was posted" };

const notConfigured: DoctorCheck = {
  subject,
  status: "not configured",
  detail: "Reports are saved and not posted.",
  fix: "Set SLACK_WEBHOOK_URL to an incoming webhook.",
};

const unreachable: DoctorCheck = {
  subject,
  status: "failed",
  detail: "Slack cannot be reached.",
  fix: "Check the network and SLACK_WEBHOOK_URL.",
};

function refused(status: number): DoctorCheck {
  return {
    subject,
    status: "failed",
    detail: `Slack answered ${status}: the webhook was removed, or its channel is gone.`,
    fix: "Make a new incoming webhook and set SLACK_WEBHOOK_URL.",
  };
}
