import { expect, test } from "vitest";
import { approveCommand } from "#approve-command.ts";

const policy = { path: "/s/policy.yaml", named: false };
const node = "/opt/node 24/bin/node";
const installed = { node, script: "/usr/lib/firewatch-mcp/dist/server.js" };

test("names node, script and store by their absolute paths, quoted for a shell", () => {
  const command = approveCommand({ stateDir: "/var/lib/fire watch", policy }, installed);
  expect(command("K7XD-4PQM")).toBe(
    "'/opt/node 24/bin/node' /usr/lib/firewatch-mcp/dist/server.js approve K7XD-4PQM --state-dir '/var/lib/fire watch'",
  );
});

test("npx keeps nothing in place, so the package is named", () => {
  const script = "/home/ada/.npm/_npx/1a2b/node_modules/firewatch-mcp/dist/server.js";
  const command = approveCommand({ stateDir: "/s", policy }, { node, script });
  expect(command("K7XD-4PQM")).toMatch(
    /^npx -y firewatch-mcp@\d+\.\d+\.\d+ approve K7XD-4PQM --state-dir \/s$/,
  );
});

test("a policy file that lies elsewhere is named, so that its rules on approvers hold", () => {
  const named = { path: "/etc/firewatch.yaml", named: true };
  const command = approveCommand({ stateDir: "/s", policy: named }, installed);
  expect(command("K7XD-4PQM")).toContain(" --state-dir /s --policy /etc/firewatch.yaml");
});
