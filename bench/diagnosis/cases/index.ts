import type { CaseMaker } from "../case.ts";
import { access } from "./access.ts";
import { admission } from "./admission.ts";
import { autoscaling } from "./autoscaling.ts";
import { config } from "./config.ts";
import { crashes } from "./crashes.ts";
import { healthy } from "./healthy.ts";
import { images } from "./images.ts";
import { jobs } from "./jobs.ts";
import { network } from "./network.ts";
import { nodes } from "./nodes.ts";
import { pending } from "./pending.ts";
import { probes } from "./probes.ts";
import { rollouts } from "./rollouts.ts";
import { services } from "./services.ts";
import { storage } from "./storage.ts";

/** Every way to be sick, then every way to be well. */
export const makers: readonly CaseMaker[] = [
  ...images,
  ...crashes,
  ...config,
  ...pending,
  ...jobs,
  ...probes,
  ...services,
  ...rollouts,
  ...admission,
  ...autoscaling,
  ...nodes,
  ...network,
  ...storage,
  ...access,
  ...healthy,
];
