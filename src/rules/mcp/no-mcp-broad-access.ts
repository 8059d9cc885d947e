import { containerWords, hostOpenings } from '../../agents/mcp-docker.js';
import { fetchedCode, type Launch, launchOf } from '../../agents/mcp-launch.js';
import type { McpConfig, McpServer, McpText } from '../../agents/mcp-servers.js';
import { offerFix } from '../../container/fixes.js';
import { resolveHostPath } from '../../container/host-path.js';
import { remember } from '../../core/remember.js';
import type { Report, Rule } from '../../core/rule.js';

export const noMcpBroadAccess: Rule<'mcp-config'> = {
  id: 'no-mcp-broad-access',
  on: 'mcp-config',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Give an MCP server no more of the machine than the project',
  why: 'A server does what the agent asks of it, and injected text makes the agent ask. What the server reaches, the text reaches: a home folder with its keys, the whole disk, or the container engine and with it root on the host.',
  references: [
    'https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices',
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    "box": {\n      "command": "docker",\n      "args": ["run", "-i", "--rm", "-v", «"/var/run/docker.sock:/var/run/docker.sock"», "mcp/docker:1"]\n    }\n  }\n}\n',
      },
      fixed: { '.mcp.json': '{}\n' },
    },
    {
      bad: {
        '.cursor/mcp.json':
          '{\n  "mcpServers": {\n    "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", «"${userHome}"»] },\n    "docs": { "url": "https://docs.example.com/mcp" }\n  }\n}\n',
      },
      fixed: {
        '.cursor/mcp.json':
          '{\n  "mcpServers": {\n    "docs": { "url": "https://docs.example.com/mcp" }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }\n',
        '.mcp.json':
          '{\n  "mcpServers": {\n    "github": { "command": «"docker"», "args": ["run", "-i", "--rm", "ghcr.io/github/github-mcp-server:v0.20.1"] }\n  }\n}\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }\n',
        '.mcp.json': '{}\n',
      },
    },
  ],
  good: [
    {
      '.mcp.json':
        '{ "mcpServers": { "a": { "command": "docker", "args": ["run", "-i", "--rm", "ghcr.io/github/github-mcp-server:v0.20.1"] }, "b": { "command": "docker", "args": ["compose", "ps"] } } }',
    },
    {
      '.vscode/mcp.json':
        '{ "servers": { "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "${workspaceFolder}", "${workspaceFolder}/docs"] } } }',
    },
    {
      '.mcp.json':
        '{ "mcpServers": { "git": { "command": "uvx", "args": ["mcp-server-git==1.0.0", "--repository", "."] } } }',
    },
    { '.mcp.json': '{ "mcpServers": { "web": { "command": "serve", "args": ["/"] } } }' },
  ],
  *check(config) {
    for (const server of config.servers) {
      const launch = launchOf(server);
      if (!launch) continue;
      for (const report of judge(config, server, launch))
        yield {
          ...report,
          fixes: () =>
            offerFix(
              `remove the server ${server.name}`,
              'run it on the host and forward one port, or give it a folder of the project',
              server.remove(),
            ),
        };
    }
  },
};

function judge(config: McpConfig, server: McpServer, launch: Launch): readonly Report[] {
  const words = containerWords(launch);
  const openings = words ? hostOpenings(config, words) : [];
  if (openings.length > 0)
    return openings.map(({ place, what }) => ({ place, message: `the server ${server.name} ${what}` }));
  if (launch.root)
    return [
      {
        place: launch.root.place,
        message: `the server ${server.name} runs as root (${launch.root.text})`,
        severity: 'warning',
      },
    ];
  if (words && config.containers.length > 0) return judgeEngine(server, launch);
  const root = broadRoot(launch);
  if (!root) return [];
  const message = `the server ${server.name} may use all below ${root.text}, not the project alone`;
  return [{ place: root.place, message, severity: 'warning' }];
}

function judgeEngine({ name }: McpServer, { program, words }: Launch): readonly Report[] {
  const [first] = words;
  if (!first) return [];
  const message = `the server ${name} is started with ${program} run: in the dev container it works only with an engine's socket, and that is root on the host`;
  return [{ place: first.place, message, severity: 'warning' }];
}

const storage =
  /filesystem|file-system|(?:^|[-/])files?(?:$|[-@])|(?:^|[-/])git(?:$|[-@=])|sqlite|duckdb|desktop-commander/;

/** The folder that a server for files, git or a database is told to serve, where it is far more than a project. */
function broadRoot(launch: Launch): McpText | undefined {
  const { words, program } = launch;
  const name = fetchedCode(launch)?.name ?? program;
  if (!storage.test(name)) return undefined;
  return words.slice(1).find(({ text }) => isBroad(text.replace(/^--[\w-]+=/, '')));
}

const isBroad = remember((text: string): boolean => {
  const path = text.replace(/^\$\{userHome\}/, '~').replace(/^\$\{(?:workspaceFolder|PWD)\}/, '.');
  if (!/^(?:[~/\\.]|\$|[A-Za-z]:[\\/])/.test(path)) return false;
  const { base, segments, up } = resolveHostPath(path, { compose: true });
  if (base === 'workspace') return up > 0;
  if (base === 'home') return segments.length === 0;
  return base === 'root' && (segments.length === 0 || /^(?:home|users|mnt)$/i.test(segments.join('/')));
});
