import type { ServerDrift } from '../../container/mcp-declarations.js';
import { shown } from '../../container/shown.js';
import type { Rule } from '../../core/rule.js';

const policy = '.devcontainer/harden-devcontainer.jsonc';
const declared =
  '"command": ["tracker-mcp"], "purpose": "issues", "reaches": "WEB", "owner": "us", "reviewed": "2020-01-01", "reviewAgain": "2999-01-01"';

export const noMcpDrift: Rule<'egress'> = {
  id: 'no-mcp-drift',
  on: 'egress',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: "Keep an MCP client's servers to those that the policy declares",
  why: 'What was reviewed is the policy. A client that starts another program under the name of a reviewed server gives the agent what nobody has looked at, and one that connects to a port that is not declared talks to whoever listens there.',
  decide:
    'Which of the two is right. init renders the client from the policy, but a server that somebody added by hand may be meant.',
  references: ['https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices'],
  examples: [
    {
      bad: {
        [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": «"tracker"», ${declared} }] }\n`,
        '.mcp.json': '{ "mcpServers": {} }\n',
      },
    },
    {
      bad: {
        [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": "tracker", ${declared} }] }\n`,
        '.mcp.json': '{ "mcpServers": { «"tracker"»: { "command": "./tracker.sh" } } }\n',
      },
    },
    {
      bad: {
        [policy]: '{ "version": 1, "name": "shop" }\n',
        '.vscode/mcp.json':
          '{ "servers": { «"old"»: { "type": "stdio", "command": "socat", "args": ["-", "TCP4:127.0.0.1:20001,nodelay"] } } }\n',
      },
    },
    {
      bad: {
        [policy]: '{ "version": 1, "name": "shop" }\n',
        '.mcp.json':
          '{ "mcpServers": { «"old"»: { "command": "socat", "args": ["-", "TCP4:127.0.0.1:20001,nodelay"] } } }\n',
      },
    },
  ],
  good: [
    {
      [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": "tracker", ${declared} }] }`,
      '.mcp.json':
        '{ "mcpServers": { "tracker": { "command": "socat", "args": ["-", "TCP4:127.0.0.1:20001,nodelay"] } } }',
      '.vscode/mcp.json': '{ "servers": {} }',
    },
    {
      [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": "raw", "port": 8123 }, { "name": "tracker", ${declared} }] }`,
      '.mcp.json':
        '{ "mcpServers": { "tracker": { "command": "socat", "args": ["-", "TCP4:127.0.0.1:20002,nodelay"] }, "raw": { "type": "http", "url": "http://127.0.0.1:8123/mcp" } } }',
    },
  ],
  *check({ serverDrift }) {
    for (const drift of serverDrift) yield { place: drift.place, message: messageOf(drift) };
  },
};

function messageOf({ kind, server }: ServerDrift): string {
  const name = shown(server);
  switch (kind) {
    case 'missing':
      return `the policy declares the server ${name} and .mcp.json does not name it; run init to render it`;
    case 'elsewhere':
      return `${name} is the name of a server that the policy declares, and this is another one; take another name, or run init to render it anew`;
    case 'undeclared':
      return `${name} connects to a port for servers of the host, and the policy does not declare it; take it out, or declare it`;
  }
}
