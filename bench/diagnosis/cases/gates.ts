import type { Told } from "../case.ts";
import { ago, type Scene } from "../world/scene.ts";
import { container } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";

/** plugins/schedulinggates/scheduling_gates.go; no event is written. */
export function gated(scene: Scene): Told {
  const minutes = scene.random.int(10, 300);
  const gate = scene.random.pick(["example.com/capacity", "kueue.x-k8s.io/admission"]);
  const message = "Scheduling is blocked due to non-empty scheduling gates";
  const lastTransitionTime = ago(scene, minutes);
  const condition = { type: "PodScheduled", status: "False", reason: "SchedulingGated" };
  const app = deployment(scene, {
    rolledOutMinutes: minutes,
    rolling: true,
    podSpec: { containers: [container(scene)], schedulingGates: [{ name: gate }] },
    pods: [0, 1].map(() => ({
      node: null,
      conditions: [{ ...condition, message, lastTransitionTime }],
    })),
  });
  return { subject: { type: "deployment", name: scene.app }, objects: app.objects };
}
