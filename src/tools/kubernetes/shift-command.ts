import { type TrafficShift, trafficPatch } from "#domain/kubernetes/traffic-shift.ts";
import type { Call } from "#tools/tool.ts";
import { byHand } from "./by-hand.ts";

/** The same patch by hand. */
export function shiftCommand(shift: TrafficShift, call: Call): string {
  const { annotations, spec } = trafficPatch(shift);
  const body = shift.kind === "ingresses" ? { metadata: { annotations } } : { spec };
  const words = [
    ...["patch", shift.kind, shift.name, "--namespace", shift.namespace],
    ...["--type", "merge", "-p", JSON.stringify(body)],
  ];
  return byHand("kubectl", words, call);
}
