import type { Fields } from "./manifest.ts";
import { ago, type Scene } from "./scene.ts";

/** Status of one container. Times are minutes ago. */
export interface ContainerState extends Fields {
  readonly state: Fields;
}

export function running(scene: Scene, minutes: number, more: Fields = {}): ContainerState {
  const state = { running: { startedAt: ago(scene, minutes) } };
  return { ready: true, started: true, restartCount: 0, state, ...more };
}

export function unready(scene: Scene, minutes: number, more: Fields = {}): ContainerState {
  return running(scene, minutes, { ready: false, ...more });
}

export function waiting(reason: string, message?: string, more: Fields = {}): ContainerState {
  const state = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
  return { ready: false, started: false, restartCount: 0, state, ...more };
}

export interface End {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  /** When it ended, minutes ago. */
  readonly minutes: number;
  /** How long it ran. */
  readonly ranMinutes?: number;
}

export function terminated(scene: Scene, end: End): { readonly terminated: Fields } {
  const { exitCode, reason, message, minutes, ranMinutes = 0.1 } = end;
  return {
    terminated: {
      exitCode,
      reason,
      ...(message === undefined ? {} : { message }),
      startedAt: ago(scene, minutes + ranMinutes),
      finishedAt: ago(scene, minutes),
      containerID: `containerd://${scene.random.uid().replaceAll("-", "")}`,
    },
  };
}

/** Waits for its next start. kubelet, kuberuntime_manager.go doBackOff: `back-off %s restarting failed container=%s pod=%s`. */
export function crashLoop(
  scene: Scene,
  pod: string,
  end: End,
  { restarts = 6, container = "app" } = {},
): ContainerState {
  const who = `container=${container} pod=${pod}_${scene.namespace}(${scene.random.uid()})`;
  return waiting("CrashLoopBackOff", `back-off 5m0s restarting failed ${who}`, {
    restartCount: restarts,
    lastState: terminated(scene, end),
  });
}

/** Ended for good. */
export function ended(scene: Scene, end: End, more: Fields = {}): ContainerState {
  return {
    ready: false,
    started: false,
    restartCount: 0,
    state: terminated(scene, end),
    ...more,
  };
}
