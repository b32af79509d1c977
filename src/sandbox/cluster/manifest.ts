import { stringify } from "yaml";
import type { JsonObject } from "#domain/json.ts";
import { type App, configMapName, type StoryRevision } from "./app.ts";
import { imageText } from "./container.ts";
import type { Pod } from "./pods.ts";
import { READY_PATH } from "./trouble.ts";

/** The objects that a revision installs, as its chart renders them. */
export function rendered(app: App, revision: StoryRevision) {
  return {
    configMap: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: metadata(app, revision, configMapName(app)),
      data: revision.values.config,
    },
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata(app, revision, app.name),
      spec: {
        type: "ClusterIP",
        selector: selector(app),
        ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
      },
    },
    deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: metadata(app, revision, app.name),
      spec: {
        replicas: revision.values.replicaCount,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        ...(app.paused ? { paused: true } : {}),
        selector: { matchLabels: selector(app) },
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
        },
        template: {
          metadata: {
            labels: { ...selector(app), "app.kubernetes.io/version": `v${revision.version}` },
          },
          spec: podSpec(app, revision),
        },
      },
    },
  };
}

/** What only some charts install. */
export function extras(app: App, revision: StoryRevision) {
  const { allowFrom, claim } = revision.values;
  return {
    ...(allowFrom && { networkPolicy: networkPolicy(app, revision, allowFrom) }),
    ...(claim && {
      claim: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: metadata(app, revision, claim.name),
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: claim.storageClass,
          volumeMode: "Filesystem",
          resources: { requests: { storage: "20Gi" } },
        },
      },
    }),
  };
}

function networkPolicy(
  app: App,
  revision: StoryRevision,
  { namespaces, pods }: NonNullable<StoryRevision["values"]["allowFrom"]>,
) {
  const peer = {
    namespaceSelector: { matchLabels: namespaces },
    podSelector: { matchLabels: pods },
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(app, revision, `${app.name}-ingress`),
    spec: {
      podSelector: { matchLabels: selector(app) },
      policyTypes: ["Ingress"],
      ingress: [{ from: [peer] }],
    },
  };
}

/** The manifest text that Helm keeps: several YAML documents, each under its template's name. */
export function manifestText(app: App, revision: StoryRevision): string {
  const { configMap, service, deployment } = rendered(app, revision);
  const { networkPolicy, claim } = extras(app, revision);
  const documents = Object.entries({
    configmap: configMap,
    service,
    deployment,
    ...(networkPolicy ? { networkpolicy: networkPolicy } : {}),
    ...(claim ? { persistentvolumeclaim: claim } : {}),
  });
  return documents.map(([file, body]) => document(app, file, body)).join("");
}

function document(app: App, file: string, body: object): string {
  const text = stringify(body, { aliasDuplicateObjects: false });
  return `---\n# Source: ${app.name}/templates/${file}.yaml\n${text}`;
}

export function selector(app: App): { readonly [label: string]: string } {
  return { "app.kubernetes.io/name": app.name, "app.kubernetes.io/instance": app.name };
}

/** What a pod of the app carries. */
export function podLabels({ app, source, hash }: Pod): Readonly<Record<string, string>> {
  return {
    ...selector(app),
    "app.kubernetes.io/version": `v${source.version}`,
    "pod-template-hash": hash,
  };
}

function metadata(app: App, revision: StoryRevision, name: string) {
  return {
    name,
    namespace: app.namespace,
    labels: {
      ...selector(app),
      ...app.labels,
      "app.kubernetes.io/version": `v${revision.version}`,
      "app.kubernetes.io/managed-by": "Helm",
      "helm.sh/chart": `${app.name}-${revision.version}`,
    },
  };
}

function podSpec(app: App, { values }: StoryRevision) {
  return {
    serviceAccountName: "default",
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: app.name,
        image: imageText(values.image),
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: app.port, protocol: "TCP" }],
        ...(values.env ? { env: environment(app, values.env) } : {}),
        ...(app.secret ? { envFrom: [{ secretRef: { name: app.secret } }] } : {}),
        readinessProbe: {
          httpGet: { path: values.probePath ?? READY_PATH, port: "http" },
          periodSeconds: 5,
          failureThreshold: 3,
        },
        resources: values.resources,
        volumeMounts: [
          { name: "config", mountPath: app.configPath, readOnly: true },
          ...(values.claim ? [{ name: "data", mountPath: "/var/data" }] : []),
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: configMapName(app) } },
      ...(values.claim
        ? [{ name: "data", persistentVolumeClaim: { claimName: values.claim.name } }]
        : []),
    ],
  } satisfies JsonObject;
}

function environment(app: App, env: Readonly<Record<string, string>>) {
  return Object.entries(env).map(([name, key]) => ({
    name,
    valueFrom: { configMapKeyRef: { name: configMapName(app), key } },
  }));
}
