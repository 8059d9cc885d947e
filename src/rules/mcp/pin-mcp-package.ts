import { type FetchedCode, fetchedCode, launchOf } from '../../agents/mcp-launch.js';
import type { McpConfig } from '../../agents/mcp-servers.js';
import { type Loose, pinAll, respell, splitKnown, wantedNpm, wantedPypi } from '../../container/pins.js';
import type { Pin, Project, Report, Rule, Wanted } from '../../core/rule.js';
import { member, parseJson } from '../../documents/json.js';
import { projectRootOf } from '../../documents/kinds.js';

const now = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

export const pinMcpPackage: Rule<'mcp-config'> = {
  id: 'pin-mcp-package',
  on: 'mcp-config',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Start MCP servers from one exact version',
  why: 'A server that is fetched at each start runs whatever its publisher, or whoever took the account over, released a minute ago: with the variables, the files and the trust that the agent gives it.',
  decide:
    'Which version of the server was looked at and works here. Name that one, and change it on purpose.',
  references: [
    'https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices',
    'https://attack.mitre.org/techniques/T1195/002/',
    'https://cwe.mitre.org/data/definitions/494.html',
  ],
  examples: [
    {
      bad: {
        '.continue/config.yaml':
          'name: team\nmcpServers:\n  - name: docs\n    command: npx\n    args: ["-y", «docs-server»]\n',
      },
    },
    {
      bad: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    "browser": { "command": "npx", "args": ["-y", «"@playwright/mcp@latest"»] },\n    "time": { "command": "uvx", "args": ["mcp-server-time"] }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.codex/config.toml':
          '[mcp_servers.docs]\ncommand = "docker"\nargs = ["run", "-i", "--rm", "-e", "TOKEN", «"mcp/fetch"»]\n',
      },
    },
    {
      bad: {
        'opencode.json':
          '{ "mcp": { "serena": { "type": "local", "command": ["uvx", "--from", «"git+https://github.com/oraios/serena"», "serena"] } }, "permission": { "bash": "ask" } }\n',
      },
    },
    {
      bad: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    "browser": { "command": "npx", "args": ["-y", «"@playwright/mcp@latest"»] },\n    "time": { "command": "uvx", "args": ["mcp-server-time"] },\n    "web": { "command": "docker", "args": ["run", "-i", "--rm", "mcp/fetch"] }\n  }\n}\n',
      },
      online: [
        {
          source: 'npm',
          name: '@playwright/mcp',
          range: 'latest',
          pin: { version: '0.0.41', from: 'registry.npmjs.org' },
        },
        {
          source: 'pypi',
          name: 'mcp-server-time',
          range: '',
          pin: { version: '2025.9.25', from: 'pypi.org' },
        },
        { source: 'image', name: 'mcp/fetch', range: '', pin: { digest: now, from: 'registry-1.docker.io' } },
      ],
      fixed: {
        '.mcp.json': `{\n  "mcpServers": {\n    "browser": { "command": "npx", "args": ["-y", "@playwright/mcp@0.0.41"] },\n    "time": { "command": "uvx", "args": ["mcp-server-time==2025.9.25"] },\n    "web": { "command": "docker", "args": ["run", "-i", "--rm", "mcp/fetch:latest@${now}"] }\n  }\n}\n`,
      },
    },
  ],
  good: [
    {
      '.mcp.json':
        '{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "@playwright/mcp@0.0.41"] }, "b": { "command": "uvx", "args": ["mcp-server-time==2025.9.25"] }, "c": { "type": "http", "url": "https://mcp.example.com/mcp" }, "d": { "command": "node", "args": ["dist/server.js"] } } }',
    },
    {
      '.mcp.json': '{ "mcpServers": { "docs": { "command": "npx", "args": ["docs-server"] } } }',
      'package.json': '{ "devDependencies": { "docs-server": "^1.2.0" } }',
    },
    {
      '.vscode/mcp.json':
        '{ "servers": { "a": { "command": "docker", "args": ["run", "-i", "--rm", "ghcr.io/github/github-mcp-server:v0.20.1"] }, "b": { "command": "uvx", "args": ["--from", "git+https://github.com/o/r@0123456789abcdef0123456789abcdef01234567", "r"] } } }',
    },
    {
      '.mcp.json':
        '{ "mcpServers": { "a": { "command": "npx", "args": ["old@latest"], "disabled": true } } }',
    },
  ],
  *check(config, project) {
    const own = dependenciesOf(config, project);
    const root = projectRootOf(config.document.file.path);
    const found = config.servers.flatMap((server): LooseServer[] => {
      const launch = launchOf(server);
      const code = launch && fetchedCode(launch);
      if (code?.unpinned === undefined || own.has(code.name)) return [];
      return [{ server: server.name, code, ...looseOf(code, project, root) }];
    });
    for (const part of splitKnown(found, project, root)) yield* reportOn(part, project, root);
  },
};

type LooseServer = Loose & { readonly server: string; readonly code: FetchedCode };

function looseOf({ spec, name, release }: FetchedCode, project: Project, root: string): Loose {
  if (!release) return { wanted: undefined, rewrite: () => [] };
  const { source, range, written, pinned } = release;
  const wanted: Record<typeof source, () => Wanted | undefined> = {
    npm: () => wantedNpm(name, range, project, root),
    pypi: () => wantedPypi(name, range),
    image: () => ({ source, name, range }),
  };
  return { wanted: wanted[source](), rewrite: (pin: Pin) => respell(spec.place, written, pinned(pin)) };
}

function* reportOn(servers: readonly LooseServer[], project: Project, root: string): Iterable<Report> {
  const [first, ...others] = servers;
  if (!first) return;
  const what = servers.map(({ code }) => `${code.spec.text} (${code.unpinned})`).join(', ');
  yield {
    ...pinAll(servers, project, root),
    place: first.code.spec.place,
    message: `fetches what is published at the time of each start: ${what}; name one exact version or digest`,
    related: others.map(({ server, code }) => ({
      place: code.spec.place,
      message: `the server ${server}: ${code.unpinned}`,
    })),
  };
}

/** Packages that the project itself installs: their versions are in its lock file. */
function dependenciesOf({ document }: McpConfig, project: Project): ReadonlySet<string> {
  const root = projectRootOf(document.file.path);
  const result = project.read(root === '' ? 'package.json' : `${root}/package.json`);
  if (!('file' in result)) return new Set();
  const manifest = parseJson(result.file).root;
  const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(
    (key) => member(manifest, key)?.value.children ?? [],
  );
  return new Set(names.map((property) => String(property.children?.[0]?.value)));
}
