import { once } from "node:events";
import { createServer } from "node:https";
import type { Case } from "../../../bench/diagnosis/case.ts";
import { linesOf } from "../../../bench/diagnosis/logs.ts";
import { portOf } from "../backends/kubernetes/ports.ts";
import type { StillCluster } from "./still-cluster.ts";

/** The part of a kubelet that gives out logs: `/containerLogs/NAMESPACE/POD/CONTAINER`. */
export async function startLogServer({ pair }: StillCluster, cases: readonly Case[]) {
  const server = createServer(pair, (asked, answer) => {
    const lines = linesFor(cases, new URL(asked.url ?? "", "https://kubelet"));
    answer.statusCode = lines ? 200 : 400;
    answer.end(lines ? `${lines.join("\n")}\n` : "there is no such run");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: portOf(server),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function linesFor(cases: readonly Case[], url: URL): readonly string[] | undefined {
  const [, , namespace = "", pod = "", container = ""] = url.pathname.split("/");
  const one = cases.find((each) => each.namespace === namespace);
  const previous = url.searchParams.get("previous") === "true";
  const lines = one && linesOf(one, { namespace, pod, container, previous });
  const at = one?.now.toISOString().replace("Z", "000000Z");
  return lines?.map((line) => `${at} ${line}`);
}
