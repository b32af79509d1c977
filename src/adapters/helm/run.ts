import { execa } from "execa";
import { OpsError } from "#errors.ts";
import { type Environment, findHelm } from "./find.ts";

/** How Helm finds its cluster. In a pod there is neither: Helm then uses the service account by itself. */
export interface HelmTarget {
  /** KUBECONFIG: one file or several. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly env: Environment;
}

export interface Finished {
  readonly exitCode: number;
  /** Our own limit ended it. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

interface Limits {
  /** Ends Helm when it aborts; absent for what must not be cut off half-way. */
  readonly signal?: AbortSignal;
  readonly timeoutSeconds: number;
}

/**
 * What Helm may see of our environment: what finds files, proxies and the kubeconfig's login plug-ins.
 * HELM_KUBE* and HELM_NAMESPACE are left out, for they would point it somewhere else.
 */
const PASSED =
  /^(PATH|HOME|USER|LANG|TMPDIR|TEMP|TMP|USERPROFILE|SystemRoot|PATHEXT|HELM_DRIVER|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|(XDG|AWS|GOOGLE|CLOUDSDK|AZURE|KUBERNETES)_\w+)$/i;

/** Helm prints some MB for the largest charts; more than this is none. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Runs Helm with fixed arguments: no shell, nothing on standard input. */
export async function runHelm(
  target: HelmTarget,
  args: readonly string[],
  { signal, timeoutSeconds }: Limits,
): Promise<Finished> {
  const binary = findHelm(target.env);
  if (binary === undefined) throw helmMissing();
  const context = target.context === undefined ? [] : ["--kube-context", target.context];
  const result = await execa(binary, [...args, ...context], {
    env: environment(target),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: timeoutSeconds * 1000,
    maxBuffer: MAX_BYTES,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (result.isCanceled) throw cancelled(signal);
  if (result.isMaxBuffer) throw tooLong(args);
  const { exitCode = 1, timedOut, stdout, stderr } = result;
  return { exitCode, timedOut, stdout, stderr };
}

function environment({ env, kubeconfig }: HelmTarget): Record<string, string> {
  const passed = Object.entries(env).flatMap(([name, value]) =>
    PASSED.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(passed), ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}) };
}

export function helmMissing(): OpsError {
  return new OpsError(
    "not_configured",
    "The helm binary is not on the PATH.",
    "Install Helm 3 or 4 (https://helm.sh/docs/intro/install) where Firewatch runs, and restart it.",
  );
}

function cancelled(signal: AbortSignal | undefined): OpsError {
  const reason: unknown = signal?.reason;
  if (reason instanceof OpsError) return reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new OpsError("timed_out", "Helm did not answer before the deadline.", laterHint)
    : new OpsError("cancelled", "The call to Helm was cancelled.", "Call again if needed.");
}

const laterHint = "Try again; `firewatch doctor` tells whether the cluster answers.";

function tooLong(args: readonly string[]): OpsError {
  return new OpsError(
    "too_large",
    `helm ${args[0]} printed more than ${MAX_BYTES / 1024 / 1024} MiB.`,
    "Look at this release with helm itself.",
  );
}
