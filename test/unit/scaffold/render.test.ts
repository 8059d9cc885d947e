import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson, plainValue } from '../../../src/documents/json.js';
import { toGuards } from '../../../src/policy/guards.js';
import { toLimits } from '../../../src/policy/limits.js';
import type { Options } from '../../../src/policy/options.js';
import type { Templates } from '../../../src/scaffold/emission.js';
import { render } from '../../../src/scaffold/render.js';

const folder = join(import.meta.dirname, '../../../templates');
const templates: Templates = Object.fromEntries(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
);

const bare: Options = {
  name: 'demo',
  baseImage: 'debian:bookworm-20260803-slim',
  ownImage: false,
  mayLackFirewall: false,
  composeFiles: [],
  copies: [],
  links: [],
  commands: [],
  packages: [],
  agents: [],
  volumes: [],
  environment: {},
  extensions: [],
  sidecar: false,
  gatewayImage: 'debian:bookworm-20260803-slim',
  observe: false,
  allow: [],
  ranges: [],
  publish: [],
  forwards: [],
  models: [],
  servers: [],
  usesHost: false,
  guards: toGuards(),
  limits: toLimits(),
  overlays: [],
  guardFiles: [],
  caCertificates: undefined,
  certificateVariables: [],
  trustsJava: false,
  gate: { npm: false, pip: false, days: 3, minutes: 4320, seconds: 259_200, installScripts: false },
};

const full: Options = {
  ...bare,
  baseImage: 'registry.example:5000/team/python:3.13.15-slim-bookworm',
  ownImage: false,
  copies: [
    { image: 'node:24.19.0-bookworm-slim', paths: [{ from: '/usr/local/bin', to: '/usr/local/bin' }] },
  ],
  links: ['/opt/tool/bin/tool'],
  commands: [['tool', '--version']],
  packages: ['jq', 'libstdc++6'],
  agents: [
    {
      title: 'Agent',
      version: '1.2.3',
      downloads: [
        {
          architecture: 'amd64',
          url: "https://example.com/it's/agent.tgz",
          sha512: 'ab'.repeat(64),
          folder: 'package',
        },
      ],
      files: [
        { member: 'agent', install: '/opt/agent/agent', tree: false },
        { member: 'lib', install: '/opt/agent/lib', tree: true },
      ],
      wheel: {
        name: 'agent',
        url: 'https://example.com/agent-1.2.3.whl',
        sha256: 'ab'.repeat(32),
        folder: '/opt/wheel',
      },
      commands: [
        {
          path: '/usr/local/bin/agent',
          run: ['/opt/agent/agent', '/opt/agent/lib/it'],
          set: { AGENT_SETTINGS: '/etc/agent.json' },
          unset: ['AGENT_ALLOW_ALL'],
          flags: ['--quiet'],
        },
      ],
    },
  ],
  volumes: [{ name: 'agent-state', target: '/home/dev/.agent' }],
  environment: { A: '"quoted" \\ text', B: '1' },
  extensions: ['a.b', 'c.d'],
  allow: [
    { host: 'one.example', ports: [443, 80], reason: 'both' },
    { host: 'two.example', ports: [443], reason: 'one' },
    { host: '.three.example', ports: [443, 80, 22], reason: 'more' },
    { host: 'four.example', ports: [443, 5432], private: true, reason: 'inside' },
  ],
  ranges: [
    { range: '198.51.100.0/24', ports: [5432, 22], reason: 'the partner has no name' },
    { range: '2001:db9::/32', ports: [22], reason: 'nor over IPv6' },
  ],
  publish: [
    { port: 3000, purpose: 'the site' },
    { port: 3001, purpose: 'its tests' },
  ],
  usesHost: true,
  forwards: [
    { name: 'tracker', port: 8123, path: '/mcp' },
    { name: 'docs', port: 8124, path: '/mcp' },
  ],
  caCertificates: 'ca-certificates.pem',
};

function rendered(options: Options, path: string): string {
  return render(options, templates).find((emission) => emission.path === `.devcontainer/${path}`)?.text ?? '';
}

const guardParts = [
  ...[
    'audit-collect.sh',
    'audit-grant.sh',
    'check-package.jq',
    'check-package.sh',
    'git-hook.sh',
    'git-push.sh',
  ],
  ...[
    'guard.jq',
    'guard.sh',
    'judge-git.sh',
    'judge-installs.sh',
    'judge.sh',
    'opencode-guard.js',
    'packages.sh',
  ],
  ...['read-shell.sh', 'record.sh'],
];

describe('render', () => {
  it('emits every template under its own path, scripts executable', () => {
    const emissions = render(bare, templates);
    expect(emissions.map((emission) => emission.path)).toEqual(
      [
        'Dockerfile',
        'allowlist.awk',
        'allowlist',
        'devcontainer.json',
        'entrypoint.sh',
        'forwards',
        ...guardParts.map((name) => `guard/${name}`),
        'haproxy.cfg',
        'inbound',
        'init-firewall.sh',
        'mode',
        'reload.sh',
        'scrub.sh',
        'shell-env.sh',
        'wait-ready.sh',
      ].map((name) => `.devcontainer/${name}`),
    );
    expect(emissions.filter((emission) => emission.executable).map((emission) => emission.path)).toEqual(
      [
        'entrypoint.sh',
        ...guardParts.filter((name) => name.endsWith('.sh')).map((name) => `guard/${name}`),
        ...['init-firewall.sh', 'reload.sh', 'scrub.sh', 'shell-env.sh', 'wait-ready.sh'],
      ].map((name) => `.devcontainer/${name}`),
    );
  });

  it.each([
    ['nothing', bare],
    ['everything', full],
  ])('emits a devcontainer.json that parses with %s chosen', (_, options) => {
    const document = parseJson({ path: 'devcontainer.json', text: rendered(options, 'devcontainer.json') });
    expect(document.problems).toEqual([]);
  });

  it('writes one line for each way out', () => {
    const lines = rendered(full, 'allowlist')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(lines).toEqual([
      'one.example',
      'two.example:443',
      '.three.example',
      '.three.example:22',
      'four.example:443 private',
      'four.example:5432 private',
      '198.51.100.0/24:5432 # the partner has no name',
      '198.51.100.0/24:22 # the partner has no name',
      '2001:db9::/32:22 # nor over IPv6',
    ]);
    expect(rendered(full, 'forwards').split('\n').slice(1)).toEqual(['tracker 8123', 'docs 8124', '']);
  });

  it('gives the host a name only where a forward needs it', () => {
    expect(rendered(full, 'devcontainer.json')).toContain('"--add-host=host.docker.internal:host-gateway"');
    expect(rendered(bare, 'devcontainer.json')).not.toContain('host.docker.internal');
  });

  it('mounts the folder of the sockets for the forwarder alone, and covers it in the project', () => {
    const gated = { ...bare, servers: [{ name: 'tracker', port: 20_001, transport: 'socket' as const }] };
    const config = rendered(gated, 'devcontainer.json');
    expect(config).toContain('/.devcontainer/mcp/host,target=/run/harden-mcp/host,readonly"');
    expect(config).toContain('"type=tmpfs,target=${containerWorkspaceFolder}/.devcontainer/mcp"');
    expect(config).not.toContain('host.docker.internal');
    expect(rendered(gated, 'forwards')).toContain('\ntracker 20001 socket\n');
    const files = (options: Options) => render(options, templates).map(({ path }) => path);
    expect(files(gated)).toContain('.devcontainer/mcp/host/.gitignore');
    expect(files(bare).filter((path) => path.includes('mcp'))).toEqual([]);
  });

  it('quotes what reaches a shell', () => {
    expect(rendered(full, 'Dockerfile')).toContain("url='https://example.com/it'\\''s/agent.tgz'");
  });

  it.each([
    ['a newline in a reason', { allow: [{ host: 'a.example', ports: [443], reason: 'x\n.evil.example' }] }],
    ['a host with a substitution', { allow: [{ host: 'a.example$(id)', ports: [443], reason: 'x' }] }],
    ['a host with a newline', { allow: [{ host: 'a.example\n.com', ports: [443], reason: 'x' }] }],
    [
      'a port that is no number',
      { allow: [{ host: 'a.example', ports: ['443\n.com' as unknown as number], reason: 'x' }] },
    ],
    ['a host variable in the name', { name: '${localEnv:TOKEN}' }],
    ['an image with a newline', { baseImage: 'debian:1\nRUN id' }],
    ['an image with a variable', { baseImage: 'debian:$TAG' }],
    ['a package with an option', { packages: ['--allow-unauthenticated'] }],
    ['a path that climbs', { caCertificates: '../../secret' }],
    ['a volume with a comma', { volumes: [{ name: 'a,target=/', target: '/home/dev/x' }] }],
    ['a volume target with a comma', { volumes: [{ name: 'a', target: '/x,source=/' }] }],
    ['a forward with a slash', { forwards: [{ name: '../x', port: 8123, path: '/mcp' }] }],
    ['a terminal escape in a title', { agents: [{ ...full.agents[0], title: '\u001b[2J' }] }],
    ['a comment that continues', { agents: [{ ...full.agents[0], title: 'x \\', version: '1\\' }] }],
    [
      'a wheel from elsewhere',
      { agents: [{ ...full.agents[0], wheel: { ...full.agents[0]?.wheel, url: 'git+ssh://x' } }] },
    ],
    [
      'a command with a blank',
      { agents: [{ ...full.agents[0], commands: [{ ...full.agents[0]?.commands[0], flags: ['-c id'] }] }] },
    ],
  ])('refuses %s even if the schema let it through', (_, hostile) => {
    expect(() => render({ ...full, ...(hostile as Partial<Options>) }, templates)).toThrow(/is not/);
  });

  it.each([
    '{{name}}',
    '{{{name}}}',
    '{{#if name}}{{baseImage}}{{/if}}',
    '{{#each packages}}{{this}}{{/each}}',
  ])('refuses a template that prints a value unquoted: %s', (template) => {
    expect(() => render(full, { 'x.hbs': template })).toThrow(/x\.hbs:1: .* is not quoted/);
  });

  it('refuses a name that the options lack', () => {
    expect(() => render(full, { 'x.hbs': '{{json typo}}' })).toThrow(/undefined/);
  });

  // Handlebars takes an unknown name in a block for an empty one and says nothing.
  it('writes ranges with their reasons, ports that are published, and the mode', () => {
    expect(rendered(full, 'allowlist')).toContain(
      '198.51.100.0/24:5432 # the partner has no name\n198.51.100.0/24:22 # the partner has no name\n',
    );
    expect(rendered(full, 'inbound')).toMatch(/\n3000 # the site\n3001 # its tests\n$/);
    expect(rendered(full, 'mode')).toBe('enforce\n');
    const document = parseJson({ path: 'x', text: rendered(full, 'devcontainer.json') });
    expect(plainValue(document.root)).toMatchObject({
      name: 'demo',
      appPort: ['127.0.0.1:3000:3000', '127.0.0.1:3001:3001'],
    });
  });

  it('marks a container that only observes in its mode, its name and its first line', () => {
    const observing = { ...bare, observe: true };
    expect(rendered(observing, 'mode')).toBe('observe\n');
    expect(rendered(observing, 'devcontainer.json')).toMatch(/^\/\/ OBSERVE: /);
    expect(rendered(observing, 'devcontainer.json')).toContain('"demo (OBSERVE: egress open)"');
  });

  it('puts the firewall into a gateway, and no part of it into the workspace', () => {
    const sidecar = { ...full, sidecar: true };
    const [gateway = '', workspace = ''] = rendered(sidecar, 'Dockerfile').split(/^FROM .* AS workspace$/m);
    const parts = [
      'iptables',
      'haproxy',
      'dnsmasq-base',
      's6',
      'allowlist',
      'init-firewall.sh',
      'ENTRYPOINT',
    ];
    for (const part of parts) {
      expect(gateway).toContain(part);
      expect(workspace.replace(/^#.*$/gm, '')).not.toContain(part);
    }
    expect(gateway).not.toContain('jq');
    expect(workspace).toContain('harden-ready');
    expect(rendered(sidecar, 'compose.yaml')).toContain(
      'ports: ["127.0.0.1:3000:3000", "127.0.0.1:3001:3001"]',
    );
    const document = parseJson({ path: 'x', text: rendered(sidecar, 'devcontainer.json') });
    expect(plainValue(document.root)).toMatchObject({
      dockerComposeFile: 'compose.yaml',
      service: 'workspace',
    });
    for (const key of ['runArgs', 'appPort', 'capAdd', 'build'])
      expect(plainValue(document.root)).not.toHaveProperty(key);
  });

  it('installs an agent from what it checked, as root owns it', () => {
    const text = rendered(full, 'Dockerfile');
    expect(text).toContain(
      `install -D --owner=root --group=root --mode=0755 "/tmp/agent/$folder/"'agent' '/opt/agent/agent'`,
    );
    expect(text).toContain(`"/tmp/agent/$folder/"'lib' '/opt/agent/lib'`);
    expect(text).toContain(`'agent @ https://example.com/agent-1.2.3.whl#sha256=${'ab'.repeat(32)}'`);
    expect(text).toContain(
      `'exec /usr/bin/env --unset=AGENT_ALLOW_ALL AGENT_SETTINGS=/etc/agent.json /opt/agent/agent /opt/agent/lib/it --quiet "$@"' > '/usr/local/bin/agent'`,
    );
  });

  it('leaves no folder on the way to a volume to root', () => {
    const volumes = [{ name: 'a', target: '/home/dev/.local/share/agent' }];
    expect(rendered({ ...full, volumes }, 'Dockerfile')).toContain(
      "--mode=0700 '/home/dev/.local' '/home/dev/.local/share' '/home/dev/.local/share/agent'\n",
    );
  });

  it('gives the helpers the same numbers in every image', () => {
    const uids = (text: string) => [...text.matchAll(/--uid (\d+) .*(harden-\w+)/g)].map((m) => m.slice(1));
    const single = uids(rendered(bare, 'Dockerfile'));
    expect(single).toHaveLength(4);
    expect(uids(rendered({ ...bare, sidecar: true }, 'Dockerfile'))).toEqual([...single, ...single]);
  });

  it('names only options in blocks', () => {
    const [agent] = full.agents;
    const known = [full, agent, agent?.files[0], full.copies[0], { executable: true }].flatMap((part) =>
      Object.keys(part ?? {}),
    );
    const used = Object.values(templates).flatMap((text) => [
      ...text.matchAll(/\{\{#(?:if|unless|each) (\w+)/g),
    ]);
    expect(used.length).toBeGreaterThan(5);
    for (const [, name] of used) expect(known).toContain(name);
  });
});
