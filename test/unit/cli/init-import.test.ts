import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const secret = 'tok_4f9b2c7d1e8a6053';
const config = {
  mcpServers: { tracker: { command: 'tracker-mcp', env: { TOKEN: secret } }, local: { command: './x.sh' } },
};

function project() {
  const folder = folderWith({ '.mcp.json': `${JSON.stringify(config, undefined, 2)}\n` });
  const home = folderWith({});
  const run = (...flags: string[]) =>
    runCli(['init', '--yes', '--stack', 'none', '--agent', 'none', ...flags], folder, {
      env: { HOME: home },
    });
  return { folder, home, run, text: (path: string) => readFileSync(join(folder, path), 'utf8') };
}

test('init --import-mcp declares the servers, moves their values to the host, and leaves the way to them', async () => {
  const { home, run, text } = project();
  const { code, stderr } = await run('--import-mcp');
  expect(stderr).toContain('"local" stays in .mcp.json');
  expect(stderr).toContain('give out new ones');
  expect(code).toBe(0);
  const policy = text('.devcontainer/harden-devcontainer.jsonc');
  const [, file = ''] = /"file": "~\/([^"]+)"/.exec(policy) ?? [];
  expect(readFileSync(join(home, file), 'utf8')).toBe(secret);
  expect(statSync(join(home, file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(text('.mcp.json')).mcpServers).toEqual({
    tracker: { command: 'socat', args: ['-', 'TCP4:127.0.0.1:20001,nodelay'] },
    local: { command: './x.sh' },
  });
  for (const path of [
    '.mcp.json',
    '.devcontainer/harden-devcontainer.jsonc',
    '.devcontainer/MCP.md',
    '.devcontainer/devcontainer.json',
  ])
    expect(text(path)).not.toContain(secret);
  expect((await run('--check')).code).toBe(0);
  expect((await run('--import-mcp')).stderr).toContain('nothing to change');
});

test('init --import-mcp --dry-run writes nothing, and without it nothing is imported', async () => {
  const { home, folder, run, text } = project();
  expect((await run('--import-mcp', '--dry-run')).code).toBe(0);
  expect(() => statSync(join(home, '.config'))).toThrow();
  expect(() => statSync(join(folder, '.devcontainer'))).toThrow();
  expect((await run()).code).toBe(0);
  expect(JSON.parse(text('.mcp.json'))).toEqual(config);
});

test("init --import-mcp takes the servers of other clients' files, and leaves the way to them there", async () => {
  const { folder, run, text } = project();
  const servers = {
    docs: { type: 'http', url: 'https://docs.example/mcp', headers: { Authorization: `Bearer ${secret}` } },
  };
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode/mcp.json'), JSON.stringify({ inputs: [], servers }));
  expect((await run('--import-mcp')).code).toBe(0);
  expect(text('.devcontainer/harden-devcontainer.jsonc')).toContain('https://docs.example/mcp');
  expect(text('.vscode/mcp.json')).not.toContain(secret);
  expect(JSON.parse(text('.vscode/mcp.json'))).toMatchObject({
    inputs: [],
    servers: { docs: { type: 'stdio', command: 'socat' }, tracker: { command: 'socat' } },
  });
});

test('init --import-mcp keeps what another file says under a name that is taken already', async () => {
  const { folder, run, text } = project();
  const other = JSON.stringify({
    mcpServers: { tracker: { command: 'other', env: { TOKEN: 'tok_9a8b7c6d5e4f3a2b' } } },
  });
  mkdirSync(join(folder, '.cursor'));
  writeFileSync(join(folder, '.cursor/mcp.json'), other);
  const { code, stderr } = await run('--import-mcp');
  expect(stderr).toContain('"tracker" stays in .cursor/mcp.json');
  expect(code).toBe(2);
  expect(text('.cursor/mcp.json')).toBe(other);
});

test("init --import-mcp-user declares the user's own servers and changes none of the user's files", async () => {
  const { home, run, text } = project();
  const mine = JSON.stringify({ mcpServers: { notes: { command: 'notes-mcp', env: { KEY: secret } } } });
  writeFileSync(join(home, '.claude.json'), mine);
  expect((await run('--import-mcp-user')).code).toBe(0);
  expect(readFileSync(join(home, '.claude.json'), 'utf8')).toBe(mine);
  const policy = text('.devcontainer/harden-devcontainer.jsonc');
  expect(policy).toContain('notes-mcp');
  expect(policy).not.toContain(secret);
  expect(policy).not.toContain('tracker-mcp');
  const [, file = ''] = /"file": "~\/([^"]+)"/.exec(policy) ?? [];
  expect(readFileSync(join(home, file), 'utf8')).toBe(secret);
});

test('init --import-mcp-user says where it has looked', async () => {
  const { code, stderr } = await project().run('--import-mcp-user');
  expect(code).toBe(2);
  expect(stderr).toContain('--import-mcp-user: there is no ~/.claude.json');
});
