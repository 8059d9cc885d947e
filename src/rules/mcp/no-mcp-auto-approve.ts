import type { McpConfig, McpTrust } from '../../agents/mcp-servers.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';

export const noMcpAutoApprove: Rule<'mcp-config'> = {
  id: 'no-mcp-auto-approve',
  on: 'mcp-config',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Look at MCP servers and their tools before they run',
  why: 'A repository that approves its own servers runs code on the machine of everybody who opens it and trusts the folder. A tool that may write without asking turns injected text into changes that nobody saw.',
  references: [
    'https://code.claude.com/docs/en/settings',
    'https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices',
    'https://cwe.mitre.org/data/definitions/862.html',
  ],
  examples: [
    {
      bad: { '.claude/settings.json': '{\n  "model": "opus",\n  "enableAllProjectMcpServers": «true»\n}\n' },
      fixed: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' },
    },
    {
      bad: {
        '.roo/mcp.json':
          '{\n  "mcpServers": {\n    "db": { "command": "db-server", "alwaysAllow": ["list_tables", «"execute_sql"»] }\n  }\n}\n',
      },
      fixed: {
        '.roo/mcp.json':
          '{\n  "mcpServers": {\n    "db": { "command": "db-server", "alwaysAllow": ["list_tables"] }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.gemini/settings.json':
          '{\n  "mcpServers": {\n    "docs": { "httpUrl": "https://docs.example.com/mcp", "trust": «true» }\n  }\n}\n',
      },
      fixed: {
        '.gemini/settings.json':
          '{\n  "mcpServers": {\n    "docs": { "httpUrl": "https://docs.example.com/mcp" }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.codex/config.toml':
          '[mcp_servers.docs]\ncommand = "docs-server"\ndefault_tools_approval_mode = «"approve"»\n',
      },
      fixed: { '.codex/config.toml': '[mcp_servers.docs]\ncommand = "docs-server"\n' },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "enableAllProjectMcpServers": false, "enabledMcpjsonServers": ["docs"], "disabledMcpjsonServers": ["*"], "deniedMcpServers": [{ "serverName": "*" }] }',
    },
    {
      '.roo/mcp.json':
        '{ "mcpServers": { "db": { "command": "x", "alwaysAllow": ["list_tables", "get_row", "search_docs"], "autoApprove": [] } } }',
    },
    { '.gemini/settings.json': '{ "mcpServers": { "docs": { "command": "x", "trust": false } } }' },
  ],
  *check(config) {
    for (const trust of config.trusted) yield report(config, trust, 'every server that a repository names');
    for (const server of config.servers) {
      for (const trust of server.trusted) {
        if (trust.tool === '*') yield report(config, trust, `every tool of the server ${server.name}`);
        else if (changesThings(trust.tool))
          yield report(config, trust, `the tool ${trust.tool} of the server ${server.name}`);
      }
    }
  },
};

function report({ image }: McpConfig, trust: McpTrust, what: string): Report {
  return {
    place: trust.place,
    message: `lets ${what} run without a look at it (${trust.key})`,
    ...(image?.judged.isIsolated() && { severity: 'info' as const }),
    fixes: offerFix('remove it', 'the client asks once for each server or tool', trust.remove()),
  };
}

const changing =
  /(?:^|[_\-.])(?:write|edit|create|delete|remove|update|execute|exec|run|shell|bash|command|push|merge|move|deploy|send|insert|drop|eval|apply|install|kill|upload|post|put|patch)(?:$|[_\-.])/;

/** By the words of the tool's name: nothing else tells what it does. */
function changesThings(tool: string): boolean {
  return changing.test(tool.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase());
}
