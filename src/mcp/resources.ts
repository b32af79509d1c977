import {
  type McpServer,
  ResourceNotFoundError,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import type { Calls } from "#calls/index.ts";

/** Runbooks and reports as resources, listed, read and completed. */
export function registerResources(server: McpServer, { reads }: Calls): void {
  registerRunbooks(server, reads);
  registerReports(server, reads);
}

function registerRunbooks(server: McpServer, reads: Calls["reads"]): void {
  const template = new ResourceTemplate("runbook://{slug}", {
    list: async () => ({
      resources: (await reads.runbooks()).map(({ slug, title, description }) => ({
        uri: `runbook://${slug}`,
        name: slug,
        title,
        description,
        mimeType: "application/yaml",
      })),
    }),
    complete: { slug: (typed) => reads.complete("runbook", typed) },
  });
  const about = {
    title: "Runbook",
    description: "What to do for known symptoms, as checked steps.",
  };
  server.registerResource("runbook", template, about, async (uri, { slug }) => {
    const text = await reads.runbook(String(slug));
    if (text === undefined) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType: "application/yaml", text }] };
  });
}

function registerReports(server: McpServer, reads: Calls["reads"]): void {
  const template = new ResourceTemplate("report://{id}", {
    list: async () => ({
      resources: (await reads.reports()).map(({ id, title, createdAt }) => ({
        uri: `report://${id}`,
        name: id,
        title,
        mimeType: "text/markdown",
        annotations: { lastModified: createdAt.toISOString() },
      })),
    }),
    complete: { id: (typed) => reads.complete("report", typed) },
  });
  const about = { title: "Incident report", description: "A report as it was written and sent." };
  server.registerResource("report", template, about, async (uri, { id }) => {
    const report = await reads.report(String(id));
    if (!report) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType: "text/markdown", text: report.markdown }] };
  });
}
