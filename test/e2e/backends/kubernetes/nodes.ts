const capacity = { cpu: "16", memory: "64Gi", pods: "3000", "ephemeral-storage": "100Gi" };

/** A node of the simulated kubelet, ready from the start. Its logs are served at the port. */
export function node(name: string, zone: string, at: Date, kubeletPort: number) {
  const time = at.toISOString().replace(/\.\d+Z$/, "Z");
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: reason,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone },
    },
    status: {
      capacity,
      allocatable: capacity,
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      conditions: [
        condition("Ready", "True", "KubeletReady"),
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID"),
      ],
      nodeInfo: {
        architecture: "amd64",
        operatingSystem: "linux",
        kubeletVersion: "v1.36.3",
        kubeProxyVersion: "",
        containerRuntimeVersion: "test://0",
        kernelVersion: "test",
        osImage: "test",
        bootID: "",
        machineID: "",
        systemUUID: "",
      },
    },
  };
}
