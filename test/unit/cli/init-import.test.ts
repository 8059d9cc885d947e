import { readFileSync, statSync } from 'node:fs';
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
