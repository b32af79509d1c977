import { SICK } from "./crowd.ts";

export type ServerName = "firewatch" | "kubernetes-mcp-server" | "mcp-server-kubernetes";

interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One question, and the calls with which each server answers it. */
export interface Question {
  readonly name: string;
  readonly calls: Readonly<Record<ServerName, readonly Call[]>>;
}

const { namespace, workload } = SICK;
const call = (tool: string, args: Call["args"] = {}): Call => ({ tool, args });
const kubectlGet = (resourceType: string, more: Call["args"]) =>
  call("kubectl_get", { resourceType, ...more });

/** `POD` in an argument stands for a sick pod's name. */
export const questions: readonly Question[] = [
  {
    name: "what is broken in the cluster",
    calls: {
      firewatch: [call("diagnose_cluster")],
      "kubernetes-mcp-server": [call("pods_list")],
      "mcp-server-kubernetes": [kubectlGet("pods", { allNamespaces: true })],
    },
  },
  {
    name: "pods of all namespaces",
    calls: {
      firewatch: [call("kubectl_get", { resource_type: "pods", all_namespaces: true })],
      "kubernetes-mcp-server": [call("pods_list")],
      "mcp-server-kubernetes": [kubectlGet("pods", { allNamespaces: true })],
    },
  },
  {
    name: "what changed lately",
    calls: {
      firewatch: [call("list_recent_changes", { all_namespaces: true })],
      "kubernetes-mcp-server": [call("events_list")],
      "mcp-server-kubernetes": [kubectlGet("events", { allNamespaces: true })],
    },
  },
  {
    name: "why is one workload broken",
    calls: {
      firewatch: [call("diagnose_workload", { name: workload, namespace })],
      "kubernetes-mcp-server": [
        call("pods_list_in_namespace", { namespace }),
        call("events_list", { namespace }),
        call("pods_get", { namespace, name: "POD" }),
        call("pods_log", { namespace, name: "POD", previous: true }),
        call("resources_get", {
          apiVersion: "apps/v1",
          kind: "Deployment",
          namespace,
          name: workload,
        }),
        call("resources_list", { apiVersion: "apps/v1", kind: "ReplicaSet", namespace }),
      ],
      "mcp-server-kubernetes": [
        kubectlGet("pods", { namespace }),
        kubectlGet("events", { namespace }),
        kubectlGet("pod", { namespace, name: "POD" }),
        call("kubectl_logs", { resourceType: "pod", namespace, name: "POD", previous: true }),
        kubectlGet("deployment", { namespace, name: workload }),
        call("kubectl_rollout", {
          subCommand: "history",
          resourceType: "deployment",
          name: workload,
          namespace,
        }),
      ],
    },
  },
];
