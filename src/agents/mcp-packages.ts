/** Packages that many configurations start, by their vendors' documentation: what a look-alike would be taken for. */
export const wellKnownPackages: readonly string[] = `
@azure/mcp @benborla29/mcp-server-mysql @brave/brave-search-mcp-server @browsermcp/mcp @bytebase/dbhub
@executeautomation/playwright-mcp-server @hubspot/mcp-server @modelcontextprotocol/inspector
@modelcontextprotocol/server-brave-search @modelcontextprotocol/server-everything
@modelcontextprotocol/server-filesystem @modelcontextprotocol/server-github @modelcontextprotocol/server-gitlab
@modelcontextprotocol/server-memory @modelcontextprotocol/server-postgres @modelcontextprotocol/server-puppeteer
@modelcontextprotocol/server-redis @modelcontextprotocol/server-sequential-thinking @modelcontextprotocol/server-slack
@notionhq/notion-mcp-server @playwright/mcp @sentry/mcp-server @stripe/mcp @supabase/mcp-server-supabase
@upstash/context7-mcp chrome-devtools-mcp figma-developer-mcp firecrawl-mcp mcp-remote mcp-server-fetch mcp-server-git
mcp-server-sqlite mcp-server-time mongodb-mcp-server tavily-mcp`
  .trim()
  .split(/\s+/);
