import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { toGuards } from '../../../src/policy/guards.js';
import { toLimits } from '../../../src/policy/limits.js';
import { parsePolicy } from '../../../src/policy/parse.js';
import { toProtection } from '../../../src/policy/protect.js';
import { authority } from '../project/certificates-fixture.js';

const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const configPath = '.devcontainer/devcontainer.json';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'init-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `init` in the temporary folder. With answers it is a terminal, where each of them is typed as a line. */
async function init(argv: readonly string[] = [], answers?: readonly string[], cwd = root): Promise<Outcome> {
  const isTTY = answers !== undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end((answers ?? []).map((answer) => `${answer}\n`).join(''));
  const texts = { out: '', err: '' };
  const collect = (name: 'out' | 'err', isTTY: boolean) => {
    const stream = new PassThrough({ encoding: 'utf8' });
    stream.on('data', (text: string) => {
      texts[name] += text;
    });
    return Object.assign(stream, { isTTY, columns: 100 });
  };
  const env = { TERM: 'dumb', HOME: root };
  const streams = { stdin, stdout: collect('out', isTTY), stderr: collect('err', false) };
  const code = await main({ argv: ['init', ...argv], ...streams, cwd, env });
  return { code, ...texts };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const get = (path: string) => readFileSync(join(root, path), 'utf8');
const policy = () => parsePolicy({ path: policyPath, text: get(policyPath) });

/** Every file below the folder with its text. */
function snapshot(): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths.filter((path) => statSync(join(root, path)).isFile()).map((path) => [path, get(path)]),
  );
}

describe('init without a terminal', () => {
  it('takes the defaults with --yes: the stacks that files speak for, the agent, no further host', async () => {
    put('package.json', '{}');
    const { code, out, err } = await init(['--yes']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(policy()).toMatchObject({ stacks: ['node'], agents: ['claude-code'], allow: [], mcp: [] });
    expect(err).toContain('registry.npmjs.org');
    expect(err).toContain('devcontainer up');
    expect(get('.devcontainer/allowlist')).not.toContain('github.com');
    expect(existsSync(join(root, '.mcp.json'))).toBe(false);
    expect(statSync(join(root, '.devcontainer/init-firewall.sh')).mode & 0o111).not.toBe(0);
  });

  it('holds back what the host runs later, and what is secret', async () => {
    put('.vscode/tasks.json', '{}');
    put('.git/hooks/pre-commit', '');
    put('.git/config', '');
    put('.env', 'API_TOKEN=Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5o\n');
    expect((await init(['--yes'])).code).toBe(0);
    expect(policy().protect).toEqual({ readOnly: ['.git/hooks', '.vscode'], mask: ['.env'] });
    expect(get(configPath)).toContain('/masks/file,target=${containerWorkspaceFolder}/.env,readonly');
    expect(get('.devcontainer/masks/file')).toBe('');

    const { code, err } = await init(['--yes', '--force', '--protect', 'git-config,shell']);
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining('--protect shell: nothing of that kind'),
    });
    expect(policy().protect).toEqual({ readOnly: ['.git/config'], mask: [] });

    expect((await init(['--yes', '--force', '--protect', 'none'])).code).toBe(0);
    expect(get(configPath)).not.toContain('.git');
    expect((await init(['--yes', '--protect', 'secret'])).err).toContain('did you mean secrets?');
  });

  it('keeps the certificates that it was given once', async () => {
    put('ca.pem', authority);
    expect((await init(['--yes', '--ca', 'ca.pem'])).code).toBe(0);
    for (const flags of [['--force'], ['--allow', 'a.test'], ['--shape', 'sidecar', '--force']]) {
      expect((await init(['--yes', ...flags])).code).toBe(0);
      expect(get('.devcontainer/ca-certificates.pem')).toBe(authority);
    }
    expect((await init(['--check'])).code).toBe(0);
  });

  it('gives a root that cannot be written a home that can', async () => {
    put(
      policyPath,
      '{ "version": 1, "name": "x", "agents": ["claude-code"], "shape": "sidecar", "limits": { "readOnlyRoot": true } }',
    );
    expect((await init(['--yes'])).code).toBe(0);
    expect(get('.devcontainer/compose.yaml')).toContain('read_only: true');
    expect(get(configPath)).toContain('target=/home/dev"');
  });

  it('takes every decision from flags', async () => {
    put('ca.pem', `# ours\n${authority}`);
    const flags = [
      '--name',
      'Shop',
      '--stack',
      'node,python',
      '--agent',
      'none',
      '--mcp',
      'tracker=8123',
      '--ca',
      'ca.pem',
    ];
    const { code } = await init(['--yes', ...flags, '--allow', 'a.test', '--allow', '.b.test:8443']);
    expect(code).toBe(0);
    expect(policy()).toEqual({
      name: 'Shop',
      stacks: ['node', 'python'],
      agents: [],
      forges: [],
      models: { local: [], gateway: undefined },
      without: [],
      allow: [
        { host: 'a.test', ports: undefined, reason: undefined },
        { host: '.b.test', ports: [8443], reason: undefined },
      ],
      mcp: [{ name: 'tracker', port: 8123, path: undefined, purpose: undefined }],
      servers: [],
      mcpTransport: 'socket',
      shape: 'single',
      mode: 'enforce',
      ranges: [],
      publish: [],
      guards: toGuards(),
      limits: toLimits(),
      protect: toProtection(),
      caCertificates: 'ca-certificates.pem',
      image: undefined,
      devcontainer: {},
      targets: [],
      acceptedLosses: [],
      composeFiles: [],
    });
    expect(get('.devcontainer/ca-certificates.pem')).toBe(authority);
    expect(JSON.parse(get('.mcp.json')).mcpServers.tracker.url).toBe('http://127.0.0.1:8123/mcp');
    expect(get('.devcontainer/allowlist')).toMatch(/^\.b\.test:8443$/m);
  });

  it('warns of a host through which data can leave', async () => {
    const { err } = await init(['--yes', '--allow', 'github.com']);
    expect(err.replace(/\s+/g, ' ')).toMatch(
      /warning: github\.com \(forge\): an injected prompt can .* there\. Instead: pull and push on the host;/,
    );
  });

  it('warns of an entry that opens more than a name, or only looks like a well-known one, once', async () => {
    const { code, err } = await init(['--yes', '--allow', '.co.uk,githab.com,.amazonaws.com,docs.test']);
    expect(code).toBe(0);
    const warnings = err.replace(/\s+/g, ' ').match(/warning: (?:(?!warning:|note:).)*/g);
    expect(warnings).toEqual([
      expect.stringContaining(".co.uk' opens every name below co.uk, where anyone can register one; list"),
      expect.stringContaining("githab.com' is one letter away from gitlab.com"),
      expect.stringContaining('.amazonaws.com (shared storage): anyone can rent a bucket'),
    ]);
  });

  it('says what an attacker can do with the hosts of stacks and agents, without a warning', async () => {
    const { err } = await init(['--yes', '--stack', 'node']);
    const text = err.replace(/\s+/g, ' ');
    expect(text).not.toContain('warning:');
    expect(text).toMatch(/note: registry\.npmjs\.org \(package registry\): it takes packages .* Instead: /);
    expect(text).toMatch(
      /note: api\.anthropic\.com, platform\.claude\.com, claude\.ai, claude\.com \(agent API\): /,
    );
    expect(text).toContain('not everybody needs platform.claude.com, claude.ai, claude.com: --without NAME');
  });

  it('keeps a host of an agent closed with --without', async () => {
    const { code, err } = await init(['--yes', '--without', 'claude.ai,claude.com']);
    expect(code).toBe(0);
    expect(policy().without).toEqual(['claude.ai', 'claude.com']);
    expect(get('.devcontainer/allowlist')).not.toMatch(/^claude\.(?:ai|com)/m);
    expect(get('.devcontainer/allowlist')).toMatch(/^platform\.claude\.com:443$/m);
    expect(err).not.toContain('warning:');
  });

  it('warns where a host that is needed stays closed', async () => {
    const { err } = await init(['--yes', '--without', 'api.anthropic.com']);
    expect(err.replace(/\s+/g, ' ')).toContain(
      'warning: api.anthropic.com: closed by the policy, but a stack or agent needs it',
    );
  });

  it('refuses to keep closed what nothing opens, since a typing error would leave a host open', async () => {
    const { code, err } = await init(['--yes', '--stack', 'none', '--without', 'claude.io']);
    expect(code).toBe(2);
    expect(err).toContain(
      '`without[0]`: "claude.io" is no host of the stacks, forges and agents, which open api.anthropic.com',
    );
    expect(snapshot()).toEqual({});
  });

  it('says which flags answer its questions, and writes nothing', async () => {
    const { code, err } = await init();
    expect(code).toBe(2);
    expect(err).toMatch(/--yes .*--policy FILE/);
    expect(snapshot()).toEqual({});
  });

  it.each([
    [['--allow', 'evil.test$(id)'], '--allow: "evil.test$(id)" is not a host name; write a DNS name'],
    [['--allow', 'EVIL.test'], 'write it in lower case'],
    [['--without', '.claude.ai'], '--without: ".claude.ai" is no name of one host'],
    [['--mcp', 'tracker'], '--mcp: "tracker" is not NAME=PORT'],
    [['--mcp', 'tracker=80'], '--mcp: 80 is out of range'],
    [['--mcp', 'tracker=8x'], '--mcp: "tracker=8x" is not NAME=PORT; write a name and a port number'],
    [['--mcp', 'workspace=8123'], '--mcp: "workspace" is reserved by Claude Code'],
    [['--mcp', 'a=8123', '--mcp', 'b=8123'], '--mcp: 8123 is the port of another server already'],
    [
      ['--stack', 'nod'],
      '--stack: "nod" is not a known stack (node, python, go, rust, java, ruby, php, dotnet, elixir, cpp); did you mean node?',
    ],
    [['--stack', 'none,node'], '--stack is none and node'],
    [['--forge', 'githib'], '--forge: "githib" is not a known forge'],
    [['--local-model', 'llama'], '--local-model: "llama" is not a known model server (ollama, lm-studio)'],
    [
      ['--gateway', 'http://x.corp.example'],
      '--gateway: "http://x.corp.example" is not usable as an address',
    ],
    [['--gateway', 'https://host.docker.internal'], 'is the host or a metadata service'],
    [['--agent', 'copilot'], '--agent: "copilot" is not a known agent'],
    [['--name', 'a"b'], '--name: "a\\"b" is not usable as a name'],
    [['--ca', 'missing.pem'], '--ca: missing.pem does not exist'],
    [['--ca', ''], '--ca needs a file'],
    [['--policy', 'missing.jsonc'], '--policy: missing.jsonc does not exist'],
    [['--check', '--force'], '--check and --force cannot be given together'],
    [['missing'], 'missing does not exist'],
    [['--check'], 'there is no .devcontainer/harden-devcontainer.jsonc to check against'],
  ])('refuses %j', async (flags, message) => {
    const { code, out, err } = await init(['--yes', ...flags]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(snapshot()).toEqual({});
  });

  it('takes the agents that files of the project speak for', async () => {
    put('.codex/config.toml', '');
    put('.github/copilot-instructions.md', '');
    await init(['--yes']);
    expect(policy().agents).toEqual(['codex', 'copilot-cli']);
  });

  it('takes the stacks of a monorepo and of manifests under any name', async () => {
    put('backend/Shop.csproj', '');
    put('web/package.json', '{}');
    put('node_modules/go.mod', '');
    put('docs/Gemfile', '');
    await init(['--yes']);
    expect(policy().stacks).toEqual(['node', 'dotnet']);
  });

  it('opens a forge only where it is told to, and says the risk', async () => {
    put('.git/config', '[remote "origin"]\n\turl = git@github.com:team/shop.git\n');
    await init(['--yes']);
    expect(policy().forges).toEqual([]);
    const { err } = await init(['--yes', '--force', '--forge', 'github,gitlab:ssh']);
    expect(policy().forges).toEqual(['github', 'gitlab:ssh']);
    expect(get('.devcontainer/allowlist')).toMatch(/^github\.com:443$/m);
    expect(get('.devcontainer/allowlist')).toMatch(/^gitlab\.com:22$/m);
    expect(err).toContain('(forge): ');
  });

  it('gives agents a gateway, a placeholder for its key, and no way to their vendor', async () => {
    const flags = ['--gateway', 'https://models.corp.example/llm', '--agent', 'claude-code,codex'];
    const { code, err } = await init(['--yes', ...flags]);
    expect([code, err]).toEqual([0, expect.stringContaining('models.corp.example')]);
    expect(get(configPath)).toContain('"ANTHROPIC_BASE_URL": "https://models.corp.example/llm"');
    expect(get(configPath)).toContain('"OPENAI_BASE_URL": "https://models.corp.example/llm/v1"');
    expect(get('.devcontainer/allowlist')).not.toMatch(/anthropic|openai|claude/);
    expect((await init(['--yes', '--force', '--agent', 'cursor'])).err).toContain(
      'no agent of the policy can be told of a gateway',
    );
  });

  it('opens the port of a model server on the host, and no other', async () => {
    expect((await init(['--yes', '--local-model', 'ollama'])).code).toBe(0);
    expect(get('.devcontainer/forwards')).toMatch(/^ollama 11434$/m);
    expect(get('.devcontainer/forwards')).not.toContain('1234\n');
    expect(existsSync(join(root, '.mcp.json'))).toBe(false);
    const { code, err } = await init(['--yes', '--force', '--mcp', 'tracker=11434']);
    expect(code).toBe(2);
    expect(err).toContain('Ollama has port 11434 inside the container, which the MCP server tracker has too');
  });

  it('proposes a readable name for a folder with an odd one', async () => {
    put("it's a $(x) – shop/package.json", '');
    await init(['--yes', "it's a $(x) – shop"]);
    expect(get(`it's a $(x) – shop/${policyPath}`)).toContain('"name": "it-s a-x-shop"');
  });

  it('refuses a private key among the certificates', async () => {
    put('ca.pem', `${authority}-----BEGIN ${'PRIVATE'} KEY-----\nAAAA\n`);
    const { code, err } = await init(['--yes', '--ca', 'ca.pem']);
    expect(code).toBe(2);
    expect(err).toContain('a private key, which must never get into an image');
    expect(Object.keys(snapshot())).toEqual(['ca.pem']);
  });

  it('writes into the folder that is named', async () => {
    put('shop/requirements.txt', '');
    const { code, err } = await init(['--yes', 'shop']);
    expect(code).toBe(0);
    expect(err).toContain('devcontainer up --workspace-folder shop');
    expect(get(`shop/${policyPath}`)).toContain('"name": "shop"');
    expect(get(`shop/${policyPath}`)).toContain('"stacks": ["python"]');
  });
});

describe('init with a policy on disk', () => {
  beforeEach(async () => {
    await init(['--yes', '--stack', 'none', '--agent', 'none', '--name', 'x']);
  });

  it('says that there is nothing to change', async () => {
    const before = snapshot();
    for (const flags of [[], ['--yes'], ['--check'], ['--force'], ['--dry-run']])
      expect(await init(flags)).toEqual({
        code: 0,
        out: '',
        err: 'nothing to change: the files are what the policy says\n',
      });
    expect(snapshot()).toEqual(before);
  });

  it('shows drift with --check and exits 1', async () => {
    put('.devcontainer/allowlist', 'evil.test\n');
    rmSync(join(root, '.devcontainer/Dockerfile'));
    const before = snapshot();
    const { code, out, err } = await init(['--check']);
    expect(code).toBe(1);
    expect(out).toContain('-evil.test');
    expect(err).toMatch(/new +\.devcontainer\/Dockerfile/);
    expect(err).toMatch(/changed +\.devcontainer\/allowlist/);
    expect(snapshot()).toEqual(before);
  });

  it('merges flags into the policy and keeps its comments', async () => {
    put(policyPath, get(policyPath).replace('"allow": []', '"allow": [ // keep me\n  ]'));
    const { code } = await init(['--allow', 'a.test', '--force']);
    expect(code).toBe(0);
    expect(get(policyPath)).toContain('// keep me');
    expect(policy().allow.map(({ host }) => host)).toEqual(['a.test']);
    expect(get('.devcontainer/allowlist')).toMatch(/^a\.test$/m);
  });

  it('overwrites nothing unasked: exit 2 with the files, or a diff with --dry-run', async () => {
    put('.devcontainer/Dockerfile', 'FROM mine\n');
    const before = snapshot();
    const refused = await init(['--yes']);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /nothing was written: \.devcontainer\/Dockerfile:1: a rendered line was changed.*--dry-run.*--force/,
    );
    const shown = await init(['--dry-run', '--allow', 'a.test']);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('-FROM mine');
    expect(shown.out).toContain('+a.test');
    expect(snapshot()).toEqual(before);
    expect((await init(['--force'])).code).toBe(0);
    expect(get('.devcontainer/Dockerfile')).not.toContain('FROM mine');
  });

  it('points at what is wrong in the policy', async () => {
    put(policyPath, '{\n  "version": 1,\n  "name": "x",\n  "allow": ["a.test", "evil.test$(id)"]\n}\n');
    const { code, err } = await init();
    expect(code).toBe(2);
    expect(err).toBe(
      `error: ${policyPath}:4:23: \`allow[1]\`: "evil.test$(id)" is not a host name; write a DNS name such as registry.npmjs.org\n`,
    );
  });

  it('renders from another policy and puts it in place', async () => {
    put('team.jsonc', '{ "version": 1, "name": "team" /* ours */ }\n');
    expect((await init(['--policy', 'team.jsonc', '--force'])).code).toBe(0);
    expect(get(policyPath)).toBe(get('team.jsonc'));
    expect(JSON.parse(get(configPath).replace(/^\s*\/\/.*$/gm, '')).name).toBe('team');
    expect((await init(['--check'])).code).toBe(0);
  });

  it('wants the certificates that the policy names, and nothing else in their file', async () => {
    put(policyPath, '{ "version": 1, "name": "x", "caCertificates": "certs/ours.pem" }\n');
    expect((await init(['--force'])).err).toContain(
      '.devcontainer/certs/ours.pem, which the policy names, does not exist',
    );
    put('.devcontainer/certs/ours.pem', 'hello');
    expect((await init(['--force'])).err).toContain('holds no certificate');
    put('ca.pem', authority);
    expect((await init(['--force', '--ca', 'ca.pem'])).code).toBe(0);
    expect(get('.devcontainer/certs/ours.pem')).toBe(authority);
    expect(get('.devcontainer/Dockerfile')).toContain('COPY certs/ours.pem ');
  });
});

describe('init beside configurations that are there', () => {
  it('replaces a .devcontainer.json only when told so', async () => {
    put('.devcontainer.json', '{ "image": "mine" }\n');
    const refused = await init(['--yes']);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('.devcontainer.json');
    expect((await init(['--yes', '--dry-run'])).out).toContain(
      '--- a/.devcontainer.json\n+++ /dev/null\n@@ -1,1 +0,0 @@',
    );
    expect((await init(['--yes', '--force'])).code).toBe(0);
    expect(existsSync(join(root, '.devcontainer.json'))).toBe(false);
  });

  it('removes a .devcontainer.json that is a link to the configuration, and not what it leads to', async () => {
    put(configPath, '{ "image": "mine" }\n');
    symlinkSync(configPath, join(root, '.devcontainer.json'));
    expect((await init(['--yes', '--force'])).code).toBe(0);
    expect(existsSync(join(root, '.devcontainer.json'))).toBe(false);
    expect(get(configPath)).not.toContain('mine');
  });

  it('names other configurations, which stay as they are', async () => {
    put('.devcontainer/other/devcontainer.json', '{ "image": "mine" }\n');
    const { code, err } = await init(['--yes']);
    expect(code).toBe(0);
    expect(err).toContain('not touched: .devcontainer/other/devcontainer.json');
  });

  it('adds servers to .mcp.json without asking, and keeps what is there', async () => {
    put('.mcp.json', '{\n  // ours\n  "mcpServers": { "docs": { "command": "docs" } }\n}\n');
    expect((await init(['--yes', '--mcp', 'tracker=8123'])).code).toBe(0);
    expect(get('.mcp.json')).toContain('// ours');
    expect(get('.mcp.json')).toContain('"docs": { "command": "docs" }');
    expect(get('.mcp.json')).toContain('http://127.0.0.1:8123/mcp');
  });

  it('asks before a server that points elsewhere is changed', async () => {
    put('.mcp.json', '{ "mcpServers": { "tracker": { "type": "http", "url": "http://mine.test" } } }\n');
    const { code, err } = await init(['--yes', '--mcp', 'tracker=8123']);
    expect(code).toBe(2);
    expect(err).toContain('would change: .mcp.json;');
  });

  it('points at what is wrong in .mcp.json', async () => {
    put('.mcp.json', '{\n  "mcpServers": [] }');
    const { code, err } = await init(['--yes', '--mcp', 'tracker=8123']);
    expect(code).toBe(2);
    expect(err).toContain('.mcp.json:2:17: an object is expected here');
  });

  it.each(['.devcontainer', '.mcp.json', '.devcontainer/Dockerfile'])(
    'refuses when %s leads out of the project',
    async (path) => {
      const outside = mkdtempSync(join(tmpdir(), 'outside-'));
      writeFileSync(join(outside, 'file'), 'theirs');
      if (path.includes('/')) mkdirSync(join(root, dirname(path)));
      symlinkSync(path === '.devcontainer' ? outside : join(outside, 'file'), join(root, path));
      const { code, err } = await init(['--yes', '--force', '--mcp', 'tracker=8123']);
      expect(code).toBe(2);
      expect(err).toMatch(/outside the project|out of the project/);
      expect(readdirSync(outside)).toEqual(['file']);
      expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('theirs');
      rmSync(outside, { recursive: true });
    },
  );

  it('refuses a link that leads to no file', async () => {
    mkdirSync(join(root, '.devcontainer'));
    symlinkSync('/nonexistent/file', join(root, '.devcontainer/Dockerfile'));
    const { code } = await init(['--yes', '--force']);
    expect(code).toBe(2);
    expect(existsSync(join(root, policyPath))).toBe(false);
  });
});

describe('init on a terminal', () => {
  it('asks for every decision, shows the sum and writes after a yes', async () => {
    put('pyproject.toml', '');
    put('ca.pem', authority);
    put('.git/config', '[remote "origin"]\n\turl = https://github.com/team/shop\n');
    const gateway = 'https://models.corp.example';
    const answers = [
      'Shop',
      '',
      '',
      '1',
      'a.test, .b.test',
      '1',
      gateway,
      'tracker=8123',
      ...[
        'issues',
        'npx -y "issue server@1"',
        'ISSUES_TOKEN',
        'list_*, create',
        '2',
        'files tickets',
        'tickets',
        '',
        'Ann',
        '',
      ],
      '~/ca.pem',
      '',
      'y',
    ];
    const { code, out } = await init([], answers);
    expect(code).toBe(0);
    expect(out).toMatch(/Code forges to open.*an injected prompt can bring its own token/);
    expect(out).toContain("this repository's remote is there");
    expect(out).toMatch(/careful +github\.com/);
    expect(out).toMatch(/new +\.devcontainer\/Dockerfile/);
    expect(policy()).toMatchObject({
      name: 'Shop',
      stacks: ['python'],
      agents: ['claude-code'],
      forges: ['github'],
      allow: [{ host: 'a.test' }, { host: '.b.test' }],
      models: { local: ['ollama'], gateway: { url: gateway } },
      mcp: [{ name: 'tracker', port: 8123 }],
      servers: [
        {
          name: 'issues',
          command: ['npx', '-y', 'issue server@1'],
          environment: { ISSUES_TOKEN: { env: 'ISSUES_TOKEN' } },
          tools: [
            { tool: 'list_*', access: 'read' },
            { tool: 'create', access: 'write', reason: 'files tickets' },
          ],
          purpose: 'tickets',
          owner: 'Ann',
        },
      ],
      caCertificates: 'ca-certificates.pem',
    });
  });

  it('offers to run the MCP servers of the project behind the gate', async () => {
    const token = 'tok_4f9b2c7d1e8a6053';
    put(
      '.mcp.json',
      `{ "mcpServers": { "tracker": { "command": "tracker", "env": { "TOKEN": "${token}" } } } }`,
    );
    const { code, out } = await init(
      ['--protect', 'none'],
      ['y', 'Shop', '', '', '', '', '', '', '', '', 'y', 'y'],
    );
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('.mcp.json (tracker)') });
    expect(policy().servers).toMatchObject([{ name: 'tracker', command: ['tracker'], tools: [] }]);
    expect(get('.mcp.json') + get(policyPath)).not.toContain(token);
  });

  it('asks again after an answer that cannot be used', async () => {
    const answers = [
      'a$(id)',
      'ok',
      'none',
      'none',
      'none',
      'EVIL.test',
      '',
      'none',
      'x',
      'x=1',
      '',
      ...['no name!', ''],
      'missing.pem',
      '',
      'y',
    ];
    const { code, out } = await init([], answers);
    expect(code).toBe(0);
    expect(out).toContain('"a$(id)" is not usable as a name');
    expect(out).toContain('write it in lower case');
    expect(out).toContain('is not NAME=PORT');
    expect(out).toContain('missing.pem does not exist');
  });

  it('does not ask for what flags say', async () => {
    const flags = [
      '--name',
      'x',
      '--stack',
      'node',
      '--agent',
      'none',
      '--allow',
      'a.test',
      '--mcp',
      't=8123',
    ];
    const { code, out } = await init(flags, ['', '', '', 'y']);
    expect(code).toBe(0);
    expect(out).not.toContain('Language stacks');
  });

  it.each([[[]], [['Shop']], [['', '', '', '', '', '', '', '', '', '', 'n']]])(
    'writes nothing after the answers %j and the end',
    async (answers) => {
      const { code, err } = await init([], answers);
      expect(code).toBe(2);
      expect(err).toContain('cancelled: nothing was written');
      expect(snapshot()).toEqual({});
    },
  );

  it('shows the diff of each file that would be overwritten, and keeps those that the user keeps', async () => {
    put(configPath, '{ "image": "mine" }\n');
    put('.devcontainer/Dockerfile', 'FROM mine\n');
    const decided = [
      '--name',
      'x',
      '--stack',
      'none',
      '--agent',
      'none',
      '--allow',
      'a.test',
      '--mcp',
      't=8123',
    ];
    const { code, out, err } = await init(decided, ['r', '', '', '', 'n', 'y', 'y']);
    expect(code).toBe(0);
    expect(out).toContain('-FROM mine');
    expect(out).toContain('-{ "image": "mine" }');
    expect(out).toContain('Your configuration is replaced, not merged');
    expect(err).toContain('kept as they are: .devcontainer/Dockerfile');
    expect(get('.devcontainer/Dockerfile')).toBe('FROM mine\n');
    expect(get(configPath)).not.toContain('mine');
  });

  it('takes one yes for all that follow', async () => {
    await init(['--yes', '--stack', 'none', '--agent', 'none']);
    for (const name of ['allowlist', 'entrypoint.sh', 'inbound']) put(`.devcontainer/${name}`, 'mine\n');
    const { code, err } = await init([], ['n', 'a', 'y']);
    expect(code).toBe(0);
    expect(err.match(/^ {2}changed/gm)).toHaveLength(2);
    expect(err).toContain('kept as they are: .devcontainer/allowlist;');
  });

  it('writes nothing when the user quits at a diff', async () => {
    await init(['--yes', '--stack', 'none', '--agent', 'none']);
    put('.devcontainer/Dockerfile', 'FROM mine\n');
    put('.devcontainer/allowlist', '');
    const before = snapshot();
    expect((await init([], ['y', 'q'])).code).toBe(2);
    expect(snapshot()).toEqual(before);
  });
});
