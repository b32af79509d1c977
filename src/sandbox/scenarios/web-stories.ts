import { DAY } from "#domain/window.ts";
import { storageClasses } from "#sandbox/cluster/trouble.ts";
import { autoscalerFixture } from "#sandbox/kubernetes/autoscalers.ts";
import { QUOTA, quotaFixture, storageClass } from "#sandbox/kubernetes/limits.ts";
import type { Scenario } from "#sandbox/scenario.ts";
import { together } from "./together.ts";
import { type WebStory, webStage } from "./web-story.ts";

function told(name: string, story: WebStory): Scenario {
  return { name, stage: (setting) => webStage(setting, story) };
}

/** The newest release names an image tag that was never pushed. Rolling back heals; a restart asks for the same tag. */
export const imageTypo = told("image-typo", {
  namespace: "travel",
  app: "booking-api",
  neighbours: ["fare-search", "seat-map"],
  replicas: 3,
  requestsPerMinute: 420,
  config: { currency: "EUR", log_level: "info", hold_minutes: "15" },
  untagged: true,
});

/** The newest release probes a path that its program does not serve. More replicas would only be unready too. */
export const probePath = told("probe-path", {
  namespace: "media",
  app: "playlist-api",
  neighbours: ["cover-art"],
  replicas: 4,
  requestsPerMinute: 700,
  config: { page_size: "50", log_level: "info" },
  newest: { probePath: "/readyz" },
});

/** The newest release wants a key that nobody put into its ConfigMap. A restart finds it missing again. */
export const missingConfigKey = told("missing-config-key", {
  namespace: "billing",
  app: "invoice-api",
  neighbours: ["tax-rates", "dunning"],
  replicas: 3,
  requestsPerMinute: 260,
  config: { vat_table: "2026-01", log_level: "info", retry_limit: "4" },
  values: { env: { VAT_TABLE: "vat_table" } },
  newest: { env: { VAT_TABLE: "vat_table", ROUNDING_MODE: "rounding_mode" } },
});

/** A bad release of an app that Flux applies: what is changed by hand is undone, the commit has to be reverted. */
export const gitopsOwned = told("gitops-owned", {
  namespace: "portal",
  app: "account-web",
  neighbours: ["help-pages"],
  replicas: 3,
  requestsPerMinute: 380,
  config: { theme: "plain", log_level: "info" },
  newest: { probePath: "/status/ready" },
  traits: {
    labels: {
      "kustomize.toolkit.fluxcd.io/name": "portal",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    },
  },
});

/** The newest release asks for more CPU than the namespace's quota leaves: its pods are never made. */
export const quotaBlockedRollout = told("quota-blocked-rollout", {
  namespace: "maps",
  app: "route-api",
  neighbours: ["tile-cache"],
  replicas: 4,
  requestsPerMinute: 330,
  config: { engine: "astar", log_level: "info" },
  newest: {
    resources: { requests: { cpu: "1500m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  },
  watchesRollouts: true,
  traits: { quota: QUOTA },
  fixtures: ({ start }, { namespace }) => [quotaFixture(namespace, start)],
});

/** The newest release claims a volume of a storage class that the cluster lacks. */
export const stuckClaim = told("stuck-claim", {
  namespace: "photos",
  app: "gallery-api",
  neighbours: ["face-index"],
  replicas: 3,
  requestsPerMinute: 450,
  config: { page_size: "40", log_level: "info" },
  newest: { claim: { name: "gallery-cache", storageClass: "fast-local" } },
  fixtures: ({ start }) => storageClasses.map((name) => storageClass(name, start)),
});

/**
 * The newest release's network policy means two sorts of callers and names one: a pod of the gateway in a namespace
 * that has none. Pods stay ready, for the kubelet is let in.
 */
export const networkPolicy = told("network-policy", {
  namespace: "ledger",
  app: "accounts-api",
  neighbours: ["gateway"],
  replicas: 3,
  requestsPerMinute: 360,
  config: { currency: "EUR", log_level: "info" },
  newest: {
    allowFrom: {
      namespaces: { "kubernetes.io/metadata.name": "ingress" },
      pods: { "app.kubernetes.io/name": "gateway" },
    },
  },
  failing: (past, minute) => (past.generation(minute)?.chart.values.allowFrom ? 1 : 0),
});

/** Somebody made the Service select a track that no pod is of. The pods are well; restarting them helps nobody. */
export const serviceSelector = told("service-selector", {
  namespace: "tickets",
  app: "order-web",
  neighbours: ["seat-hold"],
  replicas: 3,
  requestsPerMinute: 520,
  config: { hold_seconds: "300", log_level: "info" },
  shifted: { track: "green" },
});

/** A node is short of memory: its kubelet evicts what lands there, and new pods land there, for it looks empty. */
export const nodePressure = told("node-pressure", {
  namespace: "orders",
  app: "basket-api",
  neighbours: ["price-feed"],
  replicas: 4,
  requestsPerMinute: 480,
  config: { ttl_minutes: "45", log_level: "info" },
  sickNode: "node-b",
});

/** A release dropped the CPU request, unnoticed until traffic grew: the autoscaler is blind and the pods are too few. */
export const hpaWithoutRequests = told("hpa-without-requests", {
  namespace: "streams",
  app: "session-api",
  neighbours: ["recommend"],
  replicas: 3,
  requestsPerMinute: 460,
  config: { session_minutes: "30", log_level: "info" },
  newest: { resources: { requests: {}, limits: { memory: "512Mi" } } },
  surge: 2.4,
  fixtures: ({ start }, app) =>
    app.autoscaler ? [autoscalerFixture(app, start - 44 * DAY, app.autoscaler)] : [],
});

const search: WebStory = {
  namespace: "search",
  app: "query-api",
  neighbours: ["index-feed"],
  replicas: 3,
  requestsPerMinute: 540,
  config: { upstream_timeout_ms: "2500", page_size: "25", log_level: "info" },
  edit: { upstream_timeout_ms: "25" },
  failing: (past, minute) =>
    Number(past.setting("upstream_timeout_ms", minute) ?? 2500) < 100 ? 0.7 : 0,
  complaint: "index shard did not answer within 25 ms, giving up",
};

/** No release at all: somebody set a time-out to almost nothing. Setting it back heals; a restart reads it again. */
export const badConfigmap = told("bad-configmap", search);

const suggest: WebStory = {
  namespace: "search",
  app: "suggest-api",
  neighbours: [],
  replicas: 2,
  requestsPerMinute: 310,
  config: { dictionary: "2026-03", log_level: "info" },
  untagged: true,
};

/** Two things at once that have nothing to do with each other: each has its own remedy, and one alone leaves alarms. */
export const twoCauses: Scenario = {
  name: "two-causes",
  stage: (setting) => together(webStage(setting, search), webStage(setting, suggest)),
};
