import type { McpServer, McpText } from '../../agents/mcp-servers.js';
import { isSecretName } from '../../container/secret-names.js';
import type { Rule } from '../../core/rule.js';
import { isPlaceholder } from '../../core/secret-shapes.js';

export const noMcpCredentialInContainer: Rule<'mcp-config'> = {
  id: 'no-mcp-credential-in-container',
  on: 'mcp-config',
  severity: 'info',
  confidence: 'medium',
  persona: 'default',
  summary: "Keep the credentials of MCP servers out of the agent's container",
  why: "A server that runs beside the agent gets its token from the container's own environment, where the agent and every dependency read it too. A tool list of the server then limits nothing: whoever has the token calls the service itself.",
  decide:
    "Where the server shall run. On the host, with one port forwarded, its token stays out of the agent's reach; inside, only a token that can do nothing worth stealing is safe.",
  references: [
    'https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices',
    'https://cwe.mitre.org/data/definitions/522.html',
    'https://attack.mitre.org/techniques/T1552/',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} } }\n',
        '.mcp.json':
          '{ "mcpServers": { "github": { "command": "github-mcp-server", "env": { "GITHUB_TOKEN": «"${GITHUB_TOKEN}"» } } } }\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "npm install -g @openai/codex@0.50.0" }\n',
        '.codex/config.toml':
          '[mcp_servers.tracker]\nurl = "https://tracker.example.com/mcp"\nbearer_token_env_var = «"TRACKER_TOKEN"»\n',
      },
    },
  ],
  good: [
    {
      '.mcp.json':
        '{ "mcpServers": { "github": { "command": "github-mcp-server", "env": { "GITHUB_TOKEN": "${GITHUB_TOKEN}" } } } }',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "remoteUser": "node", "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} } }',
      '.mcp.json':
        '{ "mcpServers": { "a": { "type": "http", "url": "http://127.0.0.1:4001/mcp" }, "b": { "command": "x", "env": { "LOG_LEVEL": "${LOG_LEVEL}", "API_KEY": "<your-key>" } } } }',
      '.vscode/mcp.json':
        '{ "servers": { "c": { "command": "x", "env": { "API_TOKEN": "${input:token}" } } } }',
    },
  ],
  *check(config) {
    const agent = config.containers.flatMap(({ posture }) => posture.agents)[0];
    if (!agent) return;
    for (const server of config.servers) {
      const [first, ...others] = credentialsOf(server);
      if (!first) continue;
      const names = [first, ...others].map(({ name }) => name).join(', ');
      yield {
        place: first.text.place,
        message: `the server ${server.name} takes ${names} from the container's environment, where the agent reads it too; run the server on the host and forward one port, or give a token that can only read`,
        related: [{ place: agent.place, message: `${agent.what} is set up in the container here` }],
      };
    }
  },
};

interface Credential {
  readonly name: string;
  readonly text: McpText;
}

const reference = /\$\{(?!input:)[^}]*\}|\$[A-Za-z_]\w*|\{(?:env|file):[^}]*\}/;

function credentialsOf(server: McpServer): readonly Credential[] {
  const env = server.env.filter(({ name }) => isSecretName(name));
  const headers = server.headers.filter(({ name }) =>
    /^(?:authorization|cookie)$|token|key|secret/i.test(name),
  );
  const byName = [...env, ...headers].filter(
    ({ text }) => reference.test(text) && !isPlaceholder(text.replace(reference, 'reference1')),
  );
  return [
    ...byName.map((value) => ({ name: value.name, text: value })),
    ...server.headerVariables.map((text) => ({ name: text.text, text })),
    ...(server.envFile ? [{ name: server.envFile.text, text: server.envFile }] : []),
  ];
}
