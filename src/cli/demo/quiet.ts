import { alarmsAnswer, rowsAnswer } from "./answers.ts";
import type { Ending } from "./case.ts";
import type { Guide } from "./guide.ts";
import { isSick, workloadKinds } from "./suspects.ts";

/** Nothing fires: are the workloads well too? Nothing is changed either way. */
export async function quietRound({ look, page }: Guide): Promise<Ending> {
  await page.heading("A look round");
  const blind = { states: ["INSUFFICIENT_DATA"] };
  await look("list_active_alarms", blind, alarmsAnswer, ({ alarms }) =>
    alarms.length === 0
      ? ["Every alarm sees data."]
      : alarms.map(({ name, since, muted }) => {
          return `- ${name} sees no data since ${since}${muted === undefined ? "" : ", and is muted"}`;
        }),
  );
  const sick: string[] = [];
  for (const kind of workloadKinds) {
    const args = { resource_type: `${kind}s`, all_namespaces: true, limit: 100 };
    const found = await look("kubectl_get", args, rowsAnswer, ({ summary }) => [summary]);
    const names = found?.rows.filter(isSick).map(({ name = "" }) => `${kind} ${name}`);
    sick.push(...(names ?? []));
  }
  if (sick.length === 0) {
    return { outcome: "nothing_to_do", why: "no alarm fires and every workload is ready" };
  }
  return { outcome: "open", why: `no alarm fires, but not all is ready: ${sick.join(", ")}` };
}
